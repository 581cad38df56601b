package io.trainyard.hub.api;

import static io.trainyard.hub.http.Role.LAUNCH;

import io.trainyard.core.model.Artifact;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.StoreException;
import io.trainyard.hub.http.Answer;
import io.trainyard.hub.http.Call;
import io.trainyard.hub.http.Route;
import io.trainyard.hub.json.Fields;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;

/** Goes on with a run from one of its checkpoints. Called on the event loop. */
final class CheckpointRoutes {
  private static final String RUN = "/api/v1/runs/{id}";

  private final Runs runs;
  private final Checkpoints checkpoints;
  private final InstantSource clock;

  CheckpointRoutes(Runs runs, Checkpoints checkpoints, InstantSource clock) {
    this.runs = runs;
    this.checkpoints = checkpoints;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.post(RUN + "/resume", LAUNCH, "resumeRun", "Goes on with a run from a checkpoint", "Run", this::resume)
            .optionalBody("Resume")
            .status(202));
  }

  private Future<Answer> resume(Call call) {
    Fields fields = call.fields();
    String from = fields.oneOf("from", Artifact.LAST, Artifact.BEST);
    fields.done();
    return runs.named(call)
        .compose(
            run -> {
              // Sent again with its key, it is answered as it was the first time, though the run goes on since.
              if (call.key() == null || run.resumeFrom() == null) {
                mayResume(run);
              }
              return checkpoints
                  .find(call, run, from, Artifact.LAST, Artifact.BEST)
                  .compose(
                      checkpoint ->
                          runs.apply(call, new Change.Resume(run.id(), checkpoint.path(), clock.millis())));
            })
        .compose(applied -> runs.answer(call, 202, applied));
  }

  private static void mayResume(RunRecord run) {
    if (run.task() == null) {
      throw new StoreException.Conflict(
          "Run " + run.name() + " was logged by its client; only that can go on with it.");
    } else if (!run.state().ended()) {
      throw new StoreException.Conflict("Run " + run.name() + " has not ended: it is " + run.state() + ".");
    } else if (run.state() == RunState.FINISHED) {
      throw new StoreException.Conflict(
          "Run " + run.name() + " has finished: there is nothing left of it to train. Run it again with more epochs.");
    }
  }
}
