package io.trainyard.hub.api;

import io.trainyard.core.model.Artifact;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.run.ArtifactKeeper;
import io.trainyard.core.store.StoreException;
import io.trainyard.hub.http.Call;
import io.vertx.core.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the checkpoint that a request is about. Called on the event loop. */
final class Checkpoints {
  private final ArtifactKeeper artifacts;

  Checkpoints(ArtifactKeeper artifacts) {
    this.artifacts = artifacts;
  }

  /**
   * The checkpoint with this role.
   *
   * @param role null: the first one of those after it that there is
   */
  Future<Artifact> find(Call call, RunRecord run, @Nullable String role, String first, String second) {
    return call.await(artifacts.artifacts(run.id()))
        .map(
            all ->
                Stream.of(role == null ? first : role, role == null ? second : role)
                    .flatMap(wanted -> all.stream().filter(artifact -> wanted.equals(artifact.role())))
                    .findFirst()
                    .orElseThrow(() -> none(run, role)));
  }

  private static StoreException none(RunRecord run, @Nullable String role) {
    String kind = role == null ? "checkpoint" : "checkpoint \"" + role + "\"";
    String why =
        run.state().ended()
            ? "its task saved none before it ended, or its option checkpoint_every is never."
            : "it is " + run.state() + " and has not saved one yet, or its option checkpoint_every is never.";
    return new StoreException.Conflict("Run " + run.name() + " has no " + kind + ": " + why);
  }
}
