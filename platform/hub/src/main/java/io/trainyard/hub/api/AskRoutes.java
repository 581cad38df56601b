package io.trainyard.hub.api;

import static io.trainyard.hub.http.Role.LAUNCH;

import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.Ask;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.Artifact;
import io.trainyard.core.model.Question;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.TaskInfo;
import io.trainyard.core.model.TaskRef;
import io.trainyard.core.run.Catalog;
import io.trainyard.core.store.StoreException;
import io.trainyard.hub.http.Answer;
import io.trainyard.hub.http.Call;
import io.trainyard.hub.http.Route;
import io.trainyard.hub.json.AnswerJson;
import io.trainyard.hub.json.QuestionJson;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Asks the models that runs have trained. Called on the event loop. */
final class AskRoutes {
  private static final String RUN = "/api/v1/runs/{id}";

  /** 24 MiB of pictures; base64 makes them a third larger. */
  private static final int PICTURES_BYTES = 32 << 20;

  /** Pictures are in memory until they are answered. */
  private static final int PICTURES_AT_ONCE = 4;

  private final Bus bus;
  private final Runs runs;
  private final Catalog catalog;
  private final Checkpoints checkpoints;
  private int pictures;

  AskRoutes(Bus bus, Runs runs, Catalog catalog, Checkpoints checkpoints) {
    this.bus = bus;
    this.runs = runs;
    this.catalog = catalog;
    this.checkpoints = checkpoints;
  }

  List<Route> routes() {
    return List.of(
        Route.post(RUN + "/predict", LAUNCH, "predict", "Asks a run's model about pictures", "Answers", this::predict)
            .bulk("Predict")
            .upTo(PICTURES_BYTES),
        Route.post(RUN + "/generate", LAUNCH, "generate", "Has a run's model go on with a text", "Generated", this::generate)
            .optionalBody("Generate"),
        Route.post(RUN + "/score", LAUNCH, "score", "Asks a run's model how likely a text is", "Scored", this::score)
            .body("Score"));
  }

  private Future<Answer> predict(Call call) {
    if (pictures >= PICTURES_AT_ONCE) {
      throw new StoreException.Overloaded("Too many questions to models are being answered; ask again in a while.");
    }
    pictures++;
    return call.onWorker(() -> QuestionJson.predict(call.body()))
        .compose(question -> ask(call, question))
        .onComplete(done -> pictures--);
  }

  private Future<Answer> generate(Call call) {
    return ask(call, QuestionJson.generate(call.fields(), ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE)));
  }

  private Future<Answer> score(Call call) {
    return ask(call, QuestionJson.score(call.fields()));
  }

  private Future<Answer> ask(Call call, QuestionJson asked) {
    Question question = asked.question();
    return runs.named(call)
        .compose(
            run -> {
              String refusal = refusal(run, question);
              if (refusal != null) {
                throw new StoreException.Conflict("Run " + run.name() + " " + refusal);
              }
              return checkpoints
                  .find(call, run, asked.checkpoint(), Artifact.BEST, Artifact.LAST)
                  .compose(
                      checkpoint ->
                          bus.request(Addresses.ASK, new Ask(run.id(), checkpoint.path(), question))
                              .compose(
                                  answer ->
                                      call.onWorker(
                                          () -> Answer.json(200, AnswerJson.of(question, answer, checkpoint)))));
            });
  }

  /** Null when the model of its task answers such questions. */
  private @Nullable String refusal(RunRecord run, Question question) {
    TaskRef ref = run.task();
    String what = question instanceof Question.Predict ? "no model that can be asked: " : "no model of language: ";
    if (ref == null) {
      return "has " + what + "its client trained it.";
    }
    TaskInfo task = catalog.pinned(ref.id(), ref.pluginSha256()).orElse(null);
    if (question instanceof Question.Predict) {
      return task != null && task.predictor() != null ? null : "has " + what + "the task " + ref.id() + " offers no prediction.";
    }
    return task != null && task.languageModel()
        ? null
        : "has " + what + "the task " + ref.id() + " neither goes on with texts nor scores them.";
  }
}
