package io.trainyard.core.agent;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trainyard.client.OutputLog;
import io.trainyard.core.bus.Addresses.Ask;
import io.trainyard.core.model.Artifact;
import io.trainyard.core.model.Question;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.TaskRef;
import io.trainyard.core.run.ArtifactKeeper;
import io.trainyard.core.run.InputFiles;
import io.trainyard.core.run.InvalidRequest;
import io.trainyard.core.run.Trees;
import io.trainyard.core.store.RunStore;
import io.trainyard.core.store.StoreException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks trained models: each question gets a runner of its own, which ends with the answer. Belongs to the agent's
 * context; what waits for the disk is done beside it.
 *
 * <p>A question takes no slot. So that a crowd of them does not take the machine from those who train, two are answered
 * at a time.
 */
final class Questions {
  private static final Logger log = LoggerFactory.getLogger(Questions.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int AT_A_TIME = 2;
  private static final int MOST_WAITING = 16;
  private static final long LONGEST_MS = 60_000;
  private static final int LAST_CHARS = 2_000;
  private static final String ANSWER = "answer.json";

  private final Vertx vertx;
  private final Context context;
  private final Path folder;
  private final RunStore store;
  private final ArtifactKeeper artifacts;
  private final InputFiles inputs;
  private final Runners runners;
  private final Function<TaskRef, Path> jars;
  private final Clock clock;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private final List<Asked> asked = new ArrayList<>();
  private int busy;
  private boolean closed;

  /** Where a runner comes from. */
  @FunctionalInterface
  interface Runners {
    RunnerProcess take() throws IOException;
  }

  private record Waiting(Ask ask, Promise<byte[]> answer) {}

  /** A question that a runner has. */
  private static final class Asked {
    final RunnerProcess runner;
    final Promise<Void> left = Promise.promise();
    final long deadline;
    boolean late;

    Asked(RunnerProcess runner, long deadline) {
      this.runner = runner;
      this.deadline = deadline;
    }
  }

  /**
   * @param folder where each question has a folder of its own while it is answered
   */
  Questions(
      Vertx vertx,
      Context context,
      Path folder,
      RunStore store,
      ArtifactKeeper artifacts,
      Runners runners,
      Function<TaskRef, Path> jars,
      Clock clock) {
    this.vertx = vertx;
    this.context = context;
    this.folder = folder;
    this.store = store;
    this.artifacts = artifacts;
    this.inputs = new InputFiles(artifacts);
    this.runners = runners;
    this.jars = jars;
    this.clock = clock;
  }

  /** Answers with what the runner wrote. */
  CompletionStage<byte[]> ask(Ask ask) {
    if (closed || waiting.size() >= MOST_WAITING) {
      String why = closed ? "The hub is closing." : "Too many questions to models wait already; ask again in a while.";
      return Future.<byte[]>failedFuture(new StoreException.Overloaded(why)).toCompletionStage();
    }
    Promise<byte[]> answer = Promise.promise();
    waiting.add(new Waiting(ask, answer));
    next();
    return answer.future().toCompletionStage();
  }

  /** Looks after the runners that have a question. Called many times a second. */
  void tick() {
    Iterator<Asked> each = asked.iterator();
    while (each.hasNext()) {
      Asked one = each.next();
      if (!one.runner.alive()) {
        each.remove();
        one.left.complete();
      } else if (clock.millis() > one.deadline && !one.late) {
        one.late = true;
        one.runner.kill();
      }
    }
  }

  /** Ends the runners; who still waits is told. */
  void close() {
    closed = true;
    asked.forEach(one -> one.runner.kill());
    waiting.forEach(one -> one.answer.fail(new StoreException.Overloaded("The hub is closing.")));
    waiting.clear();
  }

  /** What a runner is told of a checkpoint. */
  static Map<String, Object> checkpoint(ArtifactKeeper.Content content) {
    Artifact artifact = content.artifact();
    Map<String, Object> checkpoint = new LinkedHashMap<>();
    checkpoint.put("file", content.file().toAbsolutePath().toString());
    checkpoint.put("step", artifact.step());
    checkpoint.put("epoch", artifact.epoch() == null ? 0 : artifact.epoch());
    checkpoint.put("epoch_done", artifact.epochDone() == null ? 0 : artifact.epochDone());
    return checkpoint;
  }

  /** What a runner is told of the inputs. */
  static Map<String, String> paths(Map<String, Path> files) {
    Map<String, String> paths = new LinkedHashMap<>();
    files.forEach((reference, file) -> paths.put(reference, file.toAbsolutePath().toString()));
    return paths;
  }

  private void next() {
    while (busy < AT_A_TIME && !waiting.isEmpty()) {
      Waiting one = waiting.remove();
      busy++;
      answer(one.ask)
          .onComplete(
              done -> {
                busy--;
                next();
              })
          .onComplete(one.answer);
    }
  }

  private Future<byte[]> answer(Ask ask) {
    Path work = folder.resolve(ask.question().kind() + "-" + UUID.randomUUID()).toAbsolutePath();
    return Future.fromCompletionStage(store.run(ask.run()), context)
        .compose(found -> answer(ask, found.orElseThrow(() -> none("There is no run " + ask.run())), work))
        .onComplete(done -> tidy(work));
  }

  private Future<byte[]> answer(Ask ask, RunRecord run, Path work) {
    TaskRef task = run.task();
    if (task == null) {
      throw new StoreException.Conflict("Run " + run.id() + " was logged by its client; it has no model here.");
    }
    Question question = ask.question();
    return Future.fromCompletionStage(artifacts.open(run.id(), ask.checkpoint()), context)
        .map(found -> found.orElseThrow(() -> none("Run " + run.id() + " has no " + ask.checkpoint())))
        .compose(
            checkpoint ->
                Future.fromCompletionStage(inputs.open(run), context)
                    .compose(
                        files ->
                            beside(() -> matter(question, work))
                                .compose(
                                    matter ->
                                        run(assignment(run, task, checkpoint, files, matter, work), question, work))));
  }

  private static StoreException none(String what) {
    return new StoreException.NotFound(what + ".");
  }

  private Future<byte[]> run(Map<String, Object> assignment, Question question, Path work) {
    if (closed) {
      return Future.failedFuture(new StoreException.Overloaded("The hub is closing."));
    }
    RunnerProcess runner = null;
    try {
      runner = runners.take();
      runner.prepare(work);
      runner.assign(assignment);
    } catch (IOException | RuntimeException e) {
      if (runner != null) {
        runner.kill();
        runner.dismiss();
      }
      return Future.failedFuture(new StoreException.Conflict("The model's runner could not be started: " + e));
    }
    Asked one = new Asked(runner, clock.millis() + LONGEST_MS);
    asked.add(one);
    return one.left.future().compose(left -> beside(() -> read(one, question, work)));
  }

  /** What is asked, as the runner reads it. Pictures are in files, each in one. */
  private static Map<String, Object> matter(Question question, Path work) throws IOException {
    Files.createDirectories(work);
    Map<String, Object> matter = new LinkedHashMap<>();
    matter.put("mode", question.kind());
    if (question instanceof Question.Predict predict) {
      List<String> files = new ArrayList<>();
      for (byte[] image : predict.images()) {
        Path file = work.resolve("image-" + (files.size() + 1));
        Files.write(file, image);
        files.add(file.toString());
      }
      matter.put("images", files);
    } else if (question instanceof Question.Generate generate) {
      matter.put(
          "prompt",
          Map.of(
              "prefix", generate.prefix(),
              "length", generate.length(),
              "temperature", generate.temperature(),
              "seed", generate.seed()));
    } else if (question instanceof Question.Score score) {
      matter.put("text", score.text());
    }
    return matter;
  }

  private static byte[] read(Asked one, Question question, Path work) throws IOException {
    Path answer = work.resolve(ANSWER);
    if (one.late) {
      throw new StoreException.Conflict(
          "The model did not answer within " + LONGEST_MS / 1000 + " s, and its runner was killed." + lastWords(work));
    }
    if (!Files.exists(answer)) {
      throw new StoreException.Conflict(
          "The model could not be asked. " + Ending.death(one.runner.exit()) + lastWords(work));
    }
    byte[] bytes = Files.readAllBytes(answer);
    // Only how it begins: a text of 100,000 tokens has an answer of some 15 MB.
    try (JsonParser json = JSON.getFactory().createParser(bytes)) {
      json.nextToken();
      String first = json.nextFieldName();
      if ("refused".equals(first)) {
        throw new InvalidRequest(question.subject(), "was refused by the model: " + json.nextTextValue());
      }
      if ("error".equals(first)) {
        throw new StoreException.Conflict(String.valueOf(json.nextTextValue()));
      }
    }
    return bytes;
  }

  private static String lastWords(Path work) throws IOException {
    Path output = work.resolve(OutputLog.FILE);
    String text = Files.exists(output) ? Files.readString(output, StandardCharsets.ISO_8859_1).strip() : "";
    return text.isEmpty() ? "" : " Its last output:\n" + text.substring(Math.max(0, text.length() - LAST_CHARS));
  }

  private void tidy(Path work) {
    beside(
            () -> {
              Trees.delete(work);
              return true;
            })
        .onFailure(error -> log.warn("{} cannot be deleted: {}", work, error.toString()));
  }

  private <T> Future<T> beside(Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }

  private Map<String, Object> assignment(
      RunRecord run,
      TaskRef task,
      ArtifactKeeper.Content content,
      Map<String, Path> files,
      Map<String, Object> matter,
      Path work) {
    Map<String, Object> assignment = new LinkedHashMap<>(matter);
    assignment.put("run", run.id());
    assignment.put("attempt", run.attemptNumber());
    assignment.put("fence", 0);
    assignment.put("directory", work.toString());
    assignment.put("plugin", jars.apply(task).toString());
    assignment.put("plugin_sha256", task.pluginSha256());
    assignment.put("task", task.id());
    assignment.put("params", run.params());
    assignment.put("seed", run.seed());
    assignment.put("data", run.dataFolder());
    assignment.put("inputs", paths(files));
    assignment.put("device", "cpu");
    assignment.put("spool_limit_bytes", 0);
    assignment.put("checkpoint", checkpoint(content));
    assignment.put("answer", work.resolve(ANSWER).toString());
    return assignment;
  }
}
