package io.trainyard.core.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.client.SpoolWriter;
import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.Assign;
import io.trainyard.core.bus.Addresses.Keep;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.Attempt;
import io.trainyard.core.model.Keepsake;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.model.TaskRef;
import io.trainyard.core.run.FileArtifactKeeper;
import io.trainyard.core.run.Home;
import io.trainyard.core.run.JavaCommand;
import io.trainyard.core.store.Applied;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.RunPage;
import io.trainyard.core.store.RunStore;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How attempts follow one another: real processes, which are shell scripts, and real spools, written by the test. */
@Timeout(60)
class AgentTest {
  private static final String RUN = "0123456789abcdef0123456789abcdef";
  private static final TaskRef TASK = new TaskRef("mlp", "mlp.jar", "1", "00ff");

  @TempDir private Path folder;
  private Home home;
  private Vertx vertx;
  private Bus bus;
  private FileArtifactKeeper artifacts;
  private Agent agent;
  private final BlockingQueue<Change> changes = new LinkedBlockingQueue<>();
  private volatile Optional<RunRecord> known = Optional.empty();

  @BeforeEach
  void start() throws Exception {
    home = new Home(folder.resolve("home"));
    vertx = Vertx.vertx();
    bus = new Bus(vertx);
    artifacts = new FileArtifactKeeper(home, bus, Clock.systemUTC());
    artifacts.start();
    Applied done = new Applied(1, false, false, 0, null, null);
    bus.serve(Addresses.APPEND, batch -> CompletableFuture.completedStage(done));
    bus.serve(
        Addresses.APPLY,
        write -> {
          changes.add(write.change());
          return CompletableFuture.completedStage(done);
        });
    bus.serve(Addresses.LOG, chunk -> CompletableFuture.completedStage(chunk.from() + chunk.bytes().length));
    // Writes down what it is told to do, and stays until it is told to leave or its folder is gone.
    Path java = folder.resolve("java");
    String said = folder + "/assignment-";
    Files.writeString(
        java,
        "#!/bin/sh\nread -r line\nn=$(ls " + said + "* 2>/dev/null | wc -l)\necho \"$line\" > " + said
            + "$n\nwhile [ -e " + java + " ] && [ ! -e " + folder + "/leave-$n ]; do sleep 0.05; done\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = 0; i < 3; i++) {
      Files.writeString(folder.resolve("leave-" + i), "");
    }
    agent.leave();
    artifacts.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void deploy() throws Exception {
    RunStore store =
        (RunStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {RunStore.class},
                (proxy, method, args) ->
                    switch (method.getName()) {
                      case "run" -> CompletableFuture.completedStage(known);
                      case "runs" -> CompletableFuture.completedStage(new RunPage(List.of(), 0));
                      case "nextSeq" -> CompletableFuture.completedStage(0L);
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    AgentOptions options = AgentOptions.of(new JavaCommand(folder.resolve("java"), "")).warm(false);
    agent = new Agent(options, home, bus, store, artifacts, task -> folder.resolve("mlp.jar"), Clock.systemUTC());
    get(vertx.deployVerticle(agent, new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static RunRecord run(RunState state, int attempts, @Nullable String resumeFrom) {
    Attempt first = new Attempt(1, 1, "local", 1, null, null, null, null);
    Attempt second = new Attempt(2, 2, "local", 1, null, 471L, null, null);
    return new RunRecord(
        RUN, "0", "a", state, null, TASK, Map.of(), 7, Map.of(), "", 1, 1L, null, false, false, null, 0, null, false,
        null, Map.of("device", "cpu", "checkpoint_every", "2epochs"), resumeFrom, null,
        attempts == 1 ? List.of(first) : List.of(first, second), Map.of(), 1);
  }

  private void checkpoint() throws Exception {
    Path files = Files.createDirectories(folder.resolve("files"));
    Files.writeString(files.resolve("c"), "weights");
    byte[] hash = MessageDigest.getInstance("SHA-256").digest("weights".getBytes(StandardCharsets.UTF_8));
    String json = "{\"path\":\"checkpoints/last.npz\",\"file\":\"c\",\"size\":7,\"sha256\":\""
        + HexFormat.of().formatHex(hash) + "\",\"role\":\"last\",\"epoch\":3,\"epoch_done\":1,\"step\":470}";
    Keep keep = new Keep(RUN, 1, files, List.of(new Keepsake.File(8, 1, json.getBytes(StandardCharsets.UTF_8))));
    get(bus.request(Addresses.KEEP, keep));
  }

  private String assignment(int number) throws Exception {
    Path file = folder.resolve("assignment-" + number);
    while (Files.notExists(file) || Files.size(file) == 0) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return Files.readString(file);
  }

  @Test
  void aRunThatIsResumedBeforeItsLastRunnerHasLeftWaitsForItAndGetsItsCheckpoint() throws Exception {
    deploy();
    checkpoint();
    get(bus.request(Addresses.ASSIGN, new Assign(run(RunState.RUNNING, 1, null))));
    assertThat(assignment(0)).contains("\"device\":\"cpu\"", "\"checkpoint_every\":\"2epochs\"", "\"attempt\":1");
    assertThat(assignment(0)).doesNotContain("\"checkpoint\":");
    try (SpoolWriter writer = SpoolWriter.open(home.spool(RUN, 1), SpoolWriter.DEFAULT_LIMIT)) {
      writer.end("STOPPED", "", 5);
    }
    assertThat(changes.poll(20, TimeUnit.SECONDS)).isInstanceOf(Change.EndAttempt.class);
    RunRecord again = run(RunState.RUNNING, 2, "checkpoints/last.npz");
    Future<Boolean> second = bus.request(Addresses.ASSIGN, new Assign(again));
    TimeUnit.MILLISECONDS.sleep(500);
    assertThat(second.isComplete()).as("the first runner is still there").isFalse();
    assertThat(folder.resolve("assignment-1")).doesNotExist();
    Files.writeString(folder.resolve("leave-0"), "");
    assertThat(get(second)).isTrue();
    assertThat(assignment(1)).contains("\"attempt\":2", "\"step\":470", "\"epoch\":3", "\"epoch_done\":1", "/files/");
    assertThat(home.spool(RUN, 1)).doesNotExist();
    assertThat(home.spool(RUN, 2)).exists();
    assertThat(get(bus.request(Addresses.ASSIGN, new Assign(again)))).as("it has it").isTrue();
    assertThat(folder.resolve("assignment-2")).doesNotExist();
  }

  @Test
  void aCheckpointThatIsGoneIsNotStartedFrom() throws Exception {
    deploy();
    Assign assign = new Assign(run(RunState.RUNNING, 2, "checkpoints/last.npz"));
    assertThatThrownBy(() -> get(bus.request(Addresses.ASSIGN, assign)))
        .hasRootCauseMessage("its checkpoint checkpoints/last.npz is gone");
    assertThat(home.spool(RUN, 2)).doesNotExist();
  }

  @Test
  void theSpoolOfARunThatWasResumedIsOfNoUseAnyMore() throws Exception {
    try (SpoolWriter writer = SpoolWriter.open(home.spool(RUN, 1), SpoolWriter.DEFAULT_LIMIT)) {
      writer.end("STOPPED", "", 5);
    }
    known = Optional.of(run(RunState.QUEUED, 1, "checkpoints/last.npz"));
    deploy();
    assertThat(home.spool(RUN, 1)).doesNotExist();
    TimeUnit.MILLISECONDS.sleep(200);
    assertThat(changes).isEmpty();
  }
}
