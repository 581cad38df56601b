package io.trainyard.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.Keep;
import io.trainyard.core.bus.Addresses.RunChanged;
import io.trainyard.core.bus.Addresses.Write;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.Attempt;
import io.trainyard.core.model.Keepsake;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.model.TaskRef;
import io.trainyard.core.store.Applied;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.RunPage;
import io.trainyard.core.store.RunQuery;
import io.trainyard.core.store.RunRow;
import io.trainyard.core.store.RunStore;
import io.trainyard.core.store.StoreException;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of queued runs: a real bus and a real keeper of artifacts; of the store only the states that matter.
 */
@Timeout(30)
class SchedulerTest {
  private static final TaskRef TASK = new TaskRef("mlp", "mlp.jar", "1", "00");

  @TempDir private Path folder;
  private Vertx vertx;
  private Bus bus;
  private FileArtifactKeeper artifacts;
  private final Map<String, RunRecord> runs = new ConcurrentHashMap<>();
  private final BlockingQueue<Change> changes = new LinkedBlockingQueue<>();
  private final BlockingQueue<RunRecord> assigned = new LinkedBlockingQueue<>();

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    bus = new Bus(vertx);
    artifacts = new FileArtifactKeeper(new Home(folder), bus, Clock.systemUTC());
    artifacts.start();
    bus.serve(Addresses.APPLY, this::apply);
    bus.serve(
        Addresses.ASSIGN,
        assign -> {
          assigned.add(assign.run());
          return CompletableFuture.completedStage(true);
        });
  }

  @AfterEach
  void stop() {
    artifacts.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void schedule(int slots) throws Exception {
    RunStore store =
        (RunStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {RunStore.class},
                (proxy, method, args) -> answer(method.getName(), args));
    new Scheduler(vertx.getOrCreateContext(), bus, store, artifacts, Clock.systemUTC(), slots)
        .start()
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private Object answer(String method, Object[] args) {
    if (method.equals("run")) {
      return CompletableFuture.completedStage(Optional.ofNullable(runs.get((String) args[0])));
    }
    if (method.equals("runs")) {
      RunQuery query = (RunQuery) args[0];
      List<RunRow> rows = new ArrayList<>();
      runs.values().stream()
          .filter(run -> query.states().contains(run.state()))
          .sorted((a, b) -> Long.compare(a.createdAt(), b.createdAt()))
          .forEach(run -> rows.add(new RunRow(run, List.of())));
      return CompletableFuture.completedStage(new RunPage(rows, rows.size()));
    }
    throw new UnsupportedOperationException(method);
  }

  private CompletionStage<Applied> apply(Write write) {
    changes.add(write.change());
    RunRecord changed = null;
    if (write.change() instanceof Change.StartAttempt start) {
      RunRecord run = Objects.requireNonNull(runs.get(start.run()));
      if (run.state() != RunState.QUEUED) {
        return CompletableFuture.failedStage(new StoreException.Conflict("not queued"));
      }
      int number = run.attemptNumber() + 1;
      Attempt attempt = new Attempt(number, number, "local", 1, null, start.fromStep(), null, null);
      List<Attempt> attempts = new ArrayList<>(run.attempts());
      attempts.add(attempt);
      changed = run(run.id(), RunState.RUNNING, run.createdAt(), run.resumeFrom(), run.resumedAt(), attempts);
    } else if (write.change() instanceof Change.FailQueued fail) {
      RunRecord run = Objects.requireNonNull(runs.get(fail.run()));
      changed = run(run.id(), RunState.FAILED, run.createdAt(), run.resumeFrom(), run.resumedAt(), run.attempts());
    }
    Applied nothing = new Applied(1, false, false, 0, null, null);
    return CompletableFuture.completedStage(changed == null ? nothing : put(changed));
  }

  private Applied put(RunRecord run) {
    runs.put(run.id(), run);
    bus.publish(Addresses.CHANGED, new RunChanged(run, 0, 1));
    return new Applied(1, false, false, 0, null, run);
  }

  private static RunRecord run(
      String id,
      RunState state,
      long createdAt,
      @Nullable String resumeFrom,
      @Nullable Long resumedAt,
      List<Attempt> attempts) {
    return new RunRecord(
        id, "0", id, state, null, TASK, Map.of(), 1, Map.of(), "", createdAt, null, null, false, false, null, 0, null,
        false, null, Map.of(), resumeFrom, resumedAt, attempts, Map.of(), 1);
  }

  private static RunRecord resumed(String id, long createdAt, long resumedAt) {
    Attempt first = new Attempt(1, 1, "local", 1, 2L, null, RunState.FAILED, "power");
    return run(id, RunState.QUEUED, createdAt, "checkpoints/last.npz", resumedAt, List.of(first));
  }

  private static String id(int number) {
    return String.format("%032x", number);
  }

  private Path checkpoint(String run, long step) throws Exception {
    Path files = Files.createDirectories(folder.resolve("spool").resolve("files"));
    byte[] content = ("checkpoint of " + run).getBytes(StandardCharsets.UTF_8);
    Files.write(files.resolve("c"), content);
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    String json = "{\"path\":\"checkpoints/last.npz\",\"file\":\"c\",\"size\":" + content.length + ",\"sha256\":\""
        + sha256 + "\",\"role\":\"last\",\"epoch\":2,\"epoch_done\":0,\"step\":" + step + "}";
    Keep keep = new Keep(run, 1, files, List.of(new Keepsake.File(8, 1, json.getBytes(StandardCharsets.UTF_8))));
    bus.request(Addresses.KEEP, keep).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    return folder.resolve("artifacts").resolve(run).resolve("files").resolve(sha256);
  }

  private RunRecord nextAssigned() throws InterruptedException {
    return Objects.requireNonNull(assigned.poll(10, TimeUnit.SECONDS));
  }

  private Change nextChange() throws InterruptedException {
    return Objects.requireNonNull(changes.poll(10, TimeUnit.SECONDS));
  }

  @Test
  void aRunThatIsResumedStartsAtTheStepBehindItsCheckpoint() throws Exception {
    schedule(1);
    checkpoint(id(1), 234);
    put(resumed(id(1), 1, 10));
    RunRecord run = nextAssigned();
    assertThat(run.attemptNumber()).isEqualTo(2);
    assertThat(Objects.requireNonNull(run.attempt()).fromStep()).isEqualTo(235);
    assertThat(run.resumeFrom()).isEqualTo("checkpoints/last.npz");
  }

  @Test
  void aRunThatBeginsStartsNowhere() throws Exception {
    schedule(1);
    put(run(id(1), RunState.QUEUED, 1, null, null, List.of()));
    assertThat(Objects.requireNonNull(nextAssigned().attempt()).fromStep()).isNull();
  }

  @Test
  void aCheckpointThatIsGoneFailsTheRunBeforeAnythingOfItIsSupersededAndTheNextOneIsStarted() throws Exception {
    schedule(1);
    put(resumed(id(1), 1, 10));
    put(run(id(2), RunState.QUEUED, 2, null, null, List.of()));
    assertThat(nextChange())
        .isInstanceOfSatisfying(
            Change.FailQueued.class,
            fail -> assertThat(fail.reason()).isEqualTo(
                "Its checkpoint checkpoints/last.npz is gone. Run it again from the start."));
    assertThat(nextAssigned().id()).isEqualTo(id(2));
  }

  @Test
  void aCheckpointThatIsDamagedFailsTheRunWithWhatIsWrong() throws Exception {
    schedule(1);
    Files.writeString(checkpoint(id(1), 5), "checkpoint of somebody else.........");
    put(resumed(id(1), 1, 10));
    assertThat(nextChange())
        .isInstanceOfSatisfying(
            Change.FailQueued.class, fail -> assertThat(fail.reason()).contains("does not hold what its name says"));
  }

  @Test
  void afterARestartARunThatWasResumedHasThePlaceOfItsResume() throws Exception {
    checkpoint(id(1), 5);
    runs.put(id(1), resumed(id(1), 1, 300));
    runs.put(id(2), run(id(2), RunState.QUEUED, 200, null, null, List.of()));
    runs.put(id(3), run(id(3), RunState.QUEUED, 400, null, null, List.of()));
    schedule(1);
    assertThat(List.of(ranAndEnded(), ranAndEnded(), ranAndEnded())).containsExactly(id(2), id(1), id(3));
  }

  private String ranAndEnded() throws InterruptedException {
    RunRecord run = nextAssigned();
    put(run(run.id(), RunState.FINISHED, run.createdAt(), null, null, run.attempts()));
    return run.id();
  }
}
