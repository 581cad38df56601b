package io.trainyard.core.run;

import io.trainyard.core.model.RunInput;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.store.StoreException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Opens what a run reads of other runs, and checks that it is what it was at the launch. Any thread may call. */
public final class InputFiles {
  private final ArtifactKeeper artifacts;

  public InputFiles(ArtifactKeeper artifacts) {
    this.artifacts = artifacts;
  }

  /** Files by the references that the params have. Fails with a sentence that names the input. */
  public CompletionStage<Map<String, Path>> open(RunRecord run) {
    Map<String, Path> files = new LinkedHashMap<>();
    CompletionStage<Map<String, Path>> each = CompletableFuture.completedStage(files);
    for (RunInput input : RunInput.of(run)) {
      each =
          each.thenCompose(before -> open(input))
              .thenApply(
                  file -> {
                    files.put(input.artifact().toString(), file);
                    return files;
                  });
    }
    // Of its own, so that a failure comes as it is and not wrapped.
    CompletableFuture<Map<String, Path>> all = new CompletableFuture<>();
    each.whenComplete(
        (last, error) -> {
          if (error == null) {
            all.complete(files);
          } else {
            all.completeExceptionally(unwrapped(error));
          }
        });
    return all;
  }

  private CompletionStage<Path> open(RunInput input) {
    String what = input.artifact().path() + " of run " + input.artifact().run();
    String its = "The input " + input.param();
    return artifacts
        .open(input.artifact().run(), input.artifact().path())
        .handle(
            (found, error) -> {
              if (error != null) {
                throw new StoreException.Conflict(its + " cannot be read: " + unwrapped(error).getMessage());
              }
              ArtifactKeeper.Content content =
                  found.orElseThrow(() -> new StoreException.Conflict(its + ", " + what + ", is gone."));
              String now = content.artifact().sha256();
              if (!now.equals(input.sha256())) {
                throw new StoreException.Conflict(
                    its + ", " + what + ", is another one now: its SHA-256 is " + now + ", and was " + input.sha256()
                        + " when this run was launched.");
              }
              return content.file();
            });
  }

  private static Throwable unwrapped(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
  }
}
