package io.trainyard.hub.api;

import static io.trainyard.hub.http.Role.LAUNCH;

import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.Predict;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.Artifact;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.model.TaskInfo;
import io.trainyard.core.model.TaskRef;
import io.trainyard.core.run.ArtifactKeeper;
import io.trainyard.core.run.Catalog;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.StoreException;
import io.trainyard.hub.http.Answer;
import io.trainyard.hub.http.Call;
import io.trainyard.hub.http.Route;
import io.trainyard.hub.json.Fields;
import io.trainyard.hub.json.PredictJson;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What checkpoints are for: to go on with a run, and to ask its model. Called on the event loop. */
final class CheckpointRoutes {
  private static final String RUN = "/api/v1/runs/{id}";

  /** 24 MiB of pictures; base64 makes them a third larger. */
  private static final int QUESTION_BYTES = 32 << 20;

  /** Each question keeps its pictures in memory until it is answered. */
  private static final int QUESTIONS_AT_ONCE = 4;

  private final Bus bus;
  private final Runs runs;
  private final Catalog catalog;
  private final ArtifactKeeper artifacts;
  private final InstantSource clock;
  private int questions;

  CheckpointRoutes(Bus bus, Runs runs, Catalog catalog, ArtifactKeeper artifacts, InstantSource clock) {
    this.bus = bus;
    this.runs = runs;
    this.catalog = catalog;
    this.artifacts = artifacts;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.post(RUN + "/resume", LAUNCH, "resumeRun", "Goes on with a run from a checkpoint", "Run", this::resume)
            .optionalBody("Resume")
            .status(202),
        Route.post(RUN + "/predict", LAUNCH, "predict", "Asks a run's model about pictures", "Answers", this::predict)
            .bulk("Predict")
            .upTo(QUESTION_BYTES));
  }

  private Future<Answer> resume(Call call) {
    Fields fields = call.fields();
    String from = fields.text("from", 10);
    if (from != null && !from.equals(Artifact.LAST) && !from.equals(Artifact.BEST)) {
      fields.wrong("from", "must be \"last\" or \"best\", but is \"" + from + "\"");
    }
    fields.done();
    return runs.named(call)
        .compose(
            run -> {
              // Sent again with its key, it is answered as it was the first time, though the run goes on since.
              if (call.key() == null || run.resumeFrom() == null) {
                mayResume(run);
              }
              return checkpoint(call, run, from, Artifact.LAST, Artifact.BEST)
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

  private Future<Answer> predict(Call call) {
    if (questions >= QUESTIONS_AT_ONCE) {
      throw new StoreException.Overloaded("Too many questions to models are being answered; ask again in a while.");
    }
    questions++;
    return call.onWorker(() -> PredictJson.read(call.body()))
        .compose(question -> runs.named(call).compose(run -> ask(call, run, question)))
        .onComplete(done -> questions--);
  }

  private Future<Answer> ask(Call call, RunRecord run, PredictJson question) {
    TaskRef ref = run.task();
    Optional<TaskInfo> task = ref == null ? Optional.empty() : catalog.pinned(ref.id(), ref.pluginSha256());
    if (task.isEmpty() || task.get().predictor() == null) {
      throw new StoreException.Conflict(
          "Run " + run.name() + " has no model that can be asked: "
              + (ref == null ? "its client trained it." : "the task " + ref.id() + " offers no prediction."));
    }
    return checkpoint(call, run, question.checkpoint(), Artifact.BEST, Artifact.LAST)
        .compose(
            checkpoint -> {
              Predict predict = new Predict(run.id(), checkpoint.path(), question.images());
              return bus.request(Addresses.PREDICT, predict)
                  .compose(answer -> call.onWorker(() -> Answer.json(200, PredictJson.answer(answer, checkpoint))));
            });
  }

  /**
   * The checkpoint with this role.
   *
   * @param role null: the first one of those after it that there is
   */
  private Future<Artifact> checkpoint(Call call, RunRecord run, @Nullable String role, String first, String second) {
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
    return new StoreException.Conflict(
        "Run " + run.name() + " has no " + kind
            + ": its task saved none before it ended, or its option checkpoint_every is never.");
  }
}
