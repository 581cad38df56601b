package io.trainyard.hub.api;

import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.Write;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.Experiment;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.store.Applied;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.RunStore;
import io.trainyard.core.store.StoreException;
import io.trainyard.hub.http.Answer;
import io.trainyard.hub.http.Call;
import io.trainyard.hub.http.ProblemException;
import io.trainyard.hub.state.RunViews;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** What several routes need: to find what a path names, to send a change, to answer with a run. Called on the event loop. */
final class Runs {
  private static final Pattern PREFIX = Pattern.compile("[0-9a-f]{6,32}");
  private static final Pattern EXPERIMENT = Pattern.compile("[0-9]{1,19}");
  private static final int WHOLE_ID = 32;

  private final Bus bus;
  private final RunStore store;
  private final RunViews views;

  Runs(Bus bus, RunStore store, RunViews views) {
    this.bus = bus;
    this.store = store;
    this.views = views;
  }

  /** The run that the path names, by its id or a prefix of it. */
  Future<RunRecord> named(Call call) {
    String prefix = call.path("id").toLowerCase(java.util.Locale.ROOT);
    if (!PREFIX.matcher(prefix).matches()) {
      throw new ProblemException(404, "\"" + call.path("id") + "\" is no run's id: 32 hex digits, or at least the first 6 of them.");
    }
    if (prefix.length() == WHOLE_ID) {
      return found(call, prefix);
    }
    return call.await(store.runIds(prefix, 3))
        .compose(
            ids ->
                switch (ids.size()) {
                  case 0 -> throw new StoreException.NotFound("There is no run whose id starts with " + prefix + ".");
                  case 1 -> found(call, ids.get(0));
                  default -> throw new StoreException.Conflict(
                      "Several runs' ids start with " + prefix + ": " + String.join(", ", ids.subList(0, 2)) + (ids.size() > 2 ? ", ..." : "")
                          + ". Give more digits.");
                });
  }

  private Future<RunRecord> found(Call call, String id) {
    return call.await(store.run(id)).map(run -> run.orElseThrow(() -> new StoreException.NotFound("There is no run " + id + ".")));
  }

  Future<Experiment> experiment(Call call) {
    String id = call.path("id");
    Future<Optional<Experiment>> found =
        EXPERIMENT.matcher(id).matches() ? call.await(store.experiment(id)) : Future.succeededFuture(Optional.empty());
    return found.map(some -> some.orElseThrow(() -> new StoreException.NotFound("There is no experiment " + id + ".")));
  }

  /** One in which runs may be begun. */
  Future<Experiment> openExperiment(Call call) {
    return experiment(call)
        .map(
            experiment -> {
              if (experiment.deleted()) {
                throw new StoreException.Conflict("Experiment " + experiment.name() + " is deleted. Restore it first.");
              }
              return experiment;
            });
  }

  Future<Applied> apply(Call call, Change change) {
    return bus.request(Addresses.APPLY, new Write(change, call.key()));
  }

  Future<Answer> answer(Call call, int status, Applied applied) {
    return answer(call, status, Objects.requireNonNull(applied.run(), "the store answered a change of a run without it"));
  }

  Future<Answer> answer(Call call, int status, RunRecord run) {
    return call.await(views.view(run)).map(view -> Answer.json(status, view::write));
  }

  /** A list, under its name. */
  static <T> Answer list(String name, List<T> elements, Element<T> writer) {
    return Answer.json(
        200,
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart(name);
          for (T element : elements) {
            writer.write(out, element);
          }
          out.writeEndArray();
          out.writeEndObject();
        });
  }

  /** Writes one element of a list. */
  @FunctionalInterface
  interface Element<T> {
    void write(com.fasterxml.jackson.core.JsonGenerator out, T element) throws java.io.IOException;
  }
}
