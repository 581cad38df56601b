package io.trainyard.core.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.Ask;
import io.trainyard.core.bus.Addresses.Keep;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.Keepsake;
import io.trainyard.core.model.Question;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.model.TaskRef;
import io.trainyard.core.run.FileArtifactKeeper;
import io.trainyard.core.run.Home;
import io.trainyard.core.run.InvalidRequest;
import io.trainyard.core.run.JavaCommand;
import io.trainyard.core.store.RunStore;
import io.trainyard.core.store.StoreException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, which are shell scripts that answer as a runner does; a real keeper of artifacts. */
@Timeout(60)
class QuestionsTest {
  private static final String RUN = "0123456789abcdef0123456789abcdef";

  @TempDir private Path folder;
  private Vertx vertx;
  private Context context;
  private FileArtifactKeeper artifacts;
  private Questions questions;
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final List<RunnerProcess> runners = new ArrayList<>();
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    context = vertx.getOrCreateContext();
    Bus bus = new Bus(vertx);
    artifacts = new FileArtifactKeeper(new Home(folder), bus, Clock.systemUTC());
    artifacts.start();
    Path files = Files.createDirectories(folder.resolve("files"));
    Files.writeString(files.resolve("c"), "weights");
    String json = "{\"path\":\"checkpoints/best.npz\",\"file\":\"c\",\"size\":7,\"sha256\":\"" + sha256() + "\","
        + "\"role\":\"best\",\"epoch\":2,\"epoch_done\":0,\"step\":470}";
    Keep keep = new Keep(RUN, 1, files, List.of(new Keepsake.File(8, 1, json.getBytes(StandardCharsets.UTF_8))));
    bus.request(Addresses.KEEP, keep).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);

    RunRecord run =
        new RunRecord(
            RUN, "0", "a", RunState.FINISHED, null, new TaskRef("mlp", "mlp.jar", "1", "00ff"), Map.of("rate", 0.1), 7,
            Map.of(), "", 1, null, null, false, false, null, 0, null, false, null, Map.of("device", "gpu:0"), null,
            null, List.of(), Map.of(), 1);
    RunStore store =
        (RunStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {RunStore.class},
                (proxy, method, args) ->
                    CompletableFuture.completedStage(args[0].equals(RUN) ? Optional.of(run) : Optional.empty()));
    Path java = folder.resolve("java");
    AgentOptions options = AgentOptions.of(new JavaCommand(java, ""));
    questions =
        new Questions(
            vertx,
            context,
            folder.resolve("runners"),
            store,
            artifacts,
            () -> {
              RunnerProcess process = RunnerProcess.start(options, folder.resolve("runners"));
              runners.add(process);
              started.incrementAndGet();
              atOnce.accumulateAndGet((int) runners.stream().filter(RunnerProcess::alive).count(), Math::max);
              return process;
            },
            task -> folder.resolve(task.pluginSha256() + ".jar"),
            clock());
    vertx.setPeriodic(5, tick -> context.runOnContext(go -> questions.tick()));
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public java.time.ZoneId getZone() {
        return java.time.ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(java.time.ZoneId zone) {
        return this;
      }

      @Override
      public java.time.Instant instant() {
        return java.time.Instant.now().plus(ahead.get());
      }
    };
  }

  private static String sha256() throws Exception {
    byte[] hash = java.security.MessageDigest.getInstance("SHA-256").digest("weights".getBytes(StandardCharsets.UTF_8));
    return java.util.HexFormat.of().formatHex(hash);
  }

  @AfterEach
  void stop() {
    artifacts.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** What the runner does when it has read its assignment into {@code $line} and the answer's place into $answer. */
  private void runner(String script) throws IOException {
    Path java = folder.resolve("java");
    Files.writeString(
        java,
        "#!/bin/sh\nread -r line\nanswer=$(echo \"$line\" | sed 's/.*\"answer\":\"\\([^\"]*\\)\".*/\\1/')\n" + script
            + "\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
  }

  private CompletableFuture<byte[]> ask(String run, String checkpoint) {
    return ask(new Ask(run, checkpoint, new Question.Predict(List.of(new byte[] {1, 2, 3}, new byte[] {4}))));
  }

  private CompletableFuture<byte[]> ask(Ask ask) {
    return Future.<byte[]>future(
            answer ->
                context.runOnContext(
                    go ->
                        Future.fromCompletionStage(questions.ask(ask), context).onComplete(answer)))
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(30, TimeUnit.SECONDS);
  }

  private String answer() {
    try {
      return new String(ask(RUN, "checkpoints/best.npz").join(), StandardCharsets.UTF_8);
    } catch (CompletionException e) {
      throw (RuntimeException) e.getCause();
    }
  }

  private void nothingIsLeft() throws Exception {
    for (int i = 0; i < 400 && !left().isEmpty(); i++) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(left()).isEmpty();
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> list = Files.list(folder.resolve("runners"))) {
      return list.toList();
    }
  }

  @Test
  void theRunnerHasAllThatItNeedsAndItsAnswerIsPassedOn() throws Exception {
    runner("echo \"$line\" > " + folder + "/line; cat $(dirname $answer)/image-1 > " + folder
        + "/image; printf '{\"predictions\":[1]}' > $answer");
    assertThat(answer()).isEqualTo("{\"predictions\":[1]}");
    String line = Files.readString(folder.resolve("line"));
    assertThat(line)
        .contains("\"mode\":\"predict\"", "\"task\":\"mlp\"", "\"params\":{\"rate\":0.1}", "\"seed\":7")
        .contains("\"device\":\"cpu\"", "\"epoch\":2", "\"step\":470", "00ff.jar", "image-2\"]", sha256());
    assertThat(Files.readAllBytes(folder.resolve("image"))).containsExactly(1, 2, 3);
    nothingIsLeft();
  }

  @Test
  void eachKindOfQuestionIsPassedOnAsTheRunnerReadsIt() throws Exception {
    runner("echo \"$line\" > " + folder + "/line; printf '{}' > $answer");
    ask(new Ask(RUN, "checkpoints/best.npz", new Question.Generate("time \u65f6", 20, 0.5, -3))).join();
    JsonNode generate = new ObjectMapper().readTree(folder.resolve("line").toFile());
    assertThat(generate.path("mode").asText()).isEqualTo("generate");
    assertThat(generate.path("prompt"))
        .isEqualTo(
            new ObjectMapper()
                .readTree("{\"prefix\":\"time \u65f6\",\"length\":20,\"temperature\":0.5,\"seed\":-3}"));
    assertThat(generate.path("seed").asLong()).as("the run's own").isEqualTo(7);

    ask(new Ask(RUN, "checkpoints/best.npz", new Question.Score("a  b \u00e4"))).join();
    JsonNode score = new ObjectMapper().readTree(folder.resolve("line").toFile());
    assertThat(score.path("mode").asText()).isEqualTo("score");
    assertThat(score.path("text").asText()).isEqualTo("a  b \u00e4");
    nothingIsLeft();
  }

  @Test
  void whatTheModelRefusesIsABadField() throws Exception {
    runner("printf '{\"refused\":\"no token of it is known\"}' > $answer");
    assertThatThrownBy(ask(new Ask(RUN, "checkpoints/best.npz", new Question.Score("\u00e4")))::join)
        .hasRootCauseInstanceOf(InvalidRequest.class)
        .hasRootCauseMessage("text was refused by the model: no token of it is known");
    nothingIsLeft();
  }

  @Test
  void whatTheRunnerRefusesIsSaidAsItIs() throws Exception {
    runner("printf '{\"error\":\"image 2 is no picture.\"}' > $answer");
    assertThatThrownBy(this::answer).isInstanceOf(StoreException.Conflict.class).hasMessage("image 2 is no picture.");
    nothingIsLeft();
  }

  @Test
  void aRunnerThatCrashesIsAnErrorWithItsLastWords() throws Exception {
    runner("echo 'Check failed: x == y'; kill -ABRT $$");
    assertThatThrownBy(this::answer)
        .isInstanceOf(StoreException.Conflict.class)
        .hasMessageContaining("SIGABRT")
        .hasMessageEndingWith("Its last output:\nCheck failed: x == y");
    nothingIsLeft();
  }

  @Test
  void aRunnerThatDoesNotAnswerInAMinuteIsKilled() throws Exception {
    runner("echo 'thinking'; touch " + folder + "/began; exec sleep 100");
    CompletableFuture<byte[]> answer = ask(RUN, "checkpoints/best.npz");
    while (Files.notExists(folder.resolve("began"))) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(answer).isNotDone();
    ahead.set(Duration.ofSeconds(61));
    assertThatThrownBy(answer::join)
        .hasRootCauseMessage(
            "The model did not answer within 60 s, and its runner was killed. Its last output:\nthinking");
    nothingIsLeft();
  }

  @Test
  void twoAreAnsweredAtATimeSixteenWaitAndMoreAreToldSo() throws Exception {
    runner("while [ ! -e " + folder + "/go ]; do sleep 0.05; done; printf '{\"predictions\":[]}' > $answer");
    List<CompletableFuture<byte[]>> asked = new ArrayList<>();
    for (int i = 0; i < 18; i++) {
      asked.add(ask(RUN, "checkpoints/best.npz"));
    }
    assertThatThrownBy(this::answer)
        .isInstanceOf(StoreException.Overloaded.class)
        .hasMessageContaining("ask again in a while");
    Files.writeString(folder.resolve("go"), "");
    for (CompletableFuture<byte[]> one : asked) {
      assertThat(one.join()).isNotEmpty();
    }
    assertThat(started).hasValue(18);
    assertThat(atOnce.get()).isLessThanOrEqualTo(2);
    nothingIsLeft();
  }

  @Test
  void whoIsNotThereIsNamed() throws Exception {
    runner("exit 0");
    assertThatThrownBy(() -> ask("ffffffffffffffffffffffffffffffff", "checkpoints/best.npz").join())
        .hasRootCauseInstanceOf(StoreException.NotFound.class);
    assertThatThrownBy(() -> ask(RUN, "checkpoints/last.npz").join())
        .hasRootCauseMessage("Run " + RUN + " has no checkpoints/last.npz.");
    assertThat(started).hasValue(0);
  }
}
