package io.trainyard.core.run;

import io.trainyard.core.model.Artifact;
import io.trainyard.core.model.ParamSpec;
import io.trainyard.core.model.RunInput;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.run.InvalidRequest.FieldError;
import io.trainyard.core.store.RunStore;
import io.trainyard.spi.ArtifactRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.regex.Matcher;

/**
 * Finds the artifacts to which the params of a launch refer, and pins what they hold. Any thread may call.
 *
 * <p>A run may be named by the first digits of its id; what comes out has all of them.
 */
final class InputPins {
  private static final int MOST_NAMED = 12;

  private final RunStore store;
  private final ArtifactKeeper artifacts;

  InputPins(RunStore store, ArtifactKeeper artifacts) {
    this.store = store;
    this.artifacts = artifacts;
  }

  /**
   * What became of the references.
   *
   * @param params those given, with whole references
   * @param inputs what was found
   * @param errors what was not, as {@code params.NAME}
   */
  record Pinned(Map<String, Object> params, List<RunInput> inputs, List<FieldError> errors) {}

  /** A reference as it was given, and where the whole one goes. */
  private record Reference(String field, String run, String path, Consumer<String> whole) {}

  /** One of the two. */
  private record Found(Optional<RunInput> input, Optional<FieldError> error) {
    static Found error(String field, String message) {
      return new Found(Optional.empty(), Optional.of(new FieldError("params." + field, message)));
    }
  }

  /**
   * Looks for each reference that can be read as one; the others are for {@link ParamCheck} to name.
   *
   * @param before as they were pinned by the run that is run again: their content must be the same
   */
  CompletionStage<Pinned> pin(List<ParamSpec> specs, Map<String, Object> given, List<RunInput> before) {
    Pinned pinned = new Pinned(new LinkedHashMap<>(given), new ArrayList<>(), new ArrayList<>());
    CompletionStage<Pinned> all = CompletableFuture.completedStage(pinned);
    for (Reference reference : references(specs, pinned.params())) {
      all =
          all.thenCompose(done -> find(reference, before))
              .thenApply(
                  found -> {
                    found.error().ifPresent(pinned.errors()::add);
                    found.input().ifPresent(pinned.inputs()::add);
                    found.input().ifPresent(input -> reference.whole().accept(input.artifact().toString()));
                    return pinned;
                  });
    }
    return all;
  }

  private static List<Reference> references(List<ParamSpec> specs, Map<String, Object> params) {
    List<Reference> references = new ArrayList<>();
    for (Map.Entry<String, Object> param : params.entrySet()) {
      String name = param.getKey().replace('-', '_');
      if (specs.stream().noneMatch(spec -> spec.name().equals(name) && ofArtifacts(spec))) {
        continue;
      }
      if (param.getValue() instanceof List<?> given) {
        List<Object> list = new ArrayList<>(given);
        param.setValue(list);
        for (int i = 0; i < list.size(); i++) {
          int place = i;
          reference(name + "[" + i + "]", list.get(i), whole -> list.set(place, whole)).ifPresent(references::add);
        }
      } else {
        reference(name, param.getValue(), param::setValue).ifPresent(references::add);
      }
    }
    return references;
  }

  /** Also a list of them, and one that may be left out. */
  private static boolean ofArtifacts(ParamSpec spec) {
    return spec.type().equals("artifact") || (spec.element() != null && ofArtifacts(spec.element()));
  }

  private static Optional<Reference> reference(String field, Object value, Consumer<String> whole) {
    Matcher written = ParamCheck.ARTIFACT.matcher(value instanceof String text ? text.strip() : "");
    return written.matches()
        ? Optional.of(new Reference(field, written.group(1), written.group(2), whole))
        : Optional.empty();
  }

  private CompletionStage<Found> find(Reference reference, List<RunInput> before) {
    return store
        .runIds(reference.run(), 2)
        .thenCompose(
            ids -> {
              if (ids.size() != 1) {
                String why = ids.isEmpty() ? "no run has" : "more than one run has";
                return CompletableFuture.completedStage(
                    Found.error(
                        reference.field(), "cannot be found: " + why + " an id that begins with " + reference.run()));
              }
              String id = ids.get(0);
              return store
                  .run(id)
                  .thenCombine(artifacts.artifacts(id), (run, kept) -> choose(reference, run, id, kept, before));
            });
  }

  private static Found choose(
      Reference reference, Optional<RunRecord> run, String id, List<Artifact> kept, List<RunInput> before) {
    String field = reference.field();
    String path = reference.path();
    Optional<Artifact> artifact = kept.stream().filter(one -> one.path().equals(path)).findFirst();
    if (artifact.isEmpty()) {
      return Found.error(field, "cannot be found: " + none(run, id, path, kept));
    }
    RunInput now = new RunInput(field, new ArtifactRef(id, path), artifact.get().size(), artifact.get().sha256());
    for (RunInput then : before) {
      boolean same = then.param().equals(field) && then.artifact().equals(now.artifact());
      if (same && !then.sha256().equals(now.sha256())) {
        return Found.error(
            field,
            "is not what the run that is run again has read: " + path + " of run " + id + " had the SHA-256 "
                + then.sha256() + ", and has " + now.sha256() + " now. Give it anew to take what it is now");
      }
    }
    return new Found(Optional.of(now), Optional.empty());
  }

  private static String none(Optional<RunRecord> run, String id, String path, List<Artifact> kept) {
    String name = "run " + run.map(it -> it.name() + " (" + id.substring(0, 8) + ")").orElse(id);
    if (kept.isEmpty()) {
      boolean yet = run.isPresent() && !run.get().state().ended();
      return name + " keeps no files" + (yet ? " yet: it is " + run.get().state() : "");
    }
    List<String> paths = kept.stream().map(Artifact::path).limit(MOST_NAMED).toList();
    int more = kept.size() - paths.size();
    return name + " keeps no " + path + ", but " + String.join(", ", paths) + (more > 0 ? " and " + more + " more" : "");
  }
}
