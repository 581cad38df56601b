package io.trainyard.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.client.Pids;
import io.trainyard.client.SpoolReader;
import io.trainyard.client.SpoolWriter;
import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.Keep;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.Attempt;
import io.trainyard.core.model.Keepsake;
import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.run.JavaCommand;
import io.trainyard.core.store.Applied;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.StoreException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real spool and a real bus; what would be the store's is written down, and the clock is moved by hand. */
@Timeout(30)
class ShipmentTest {
  private static final String RUN = "0123456789abcdef0123456789abcdef";
  private static final Applied DONE = new Applied(1, false, false, 0, null, null);

  @TempDir private Path folder;
  private Path spool;
  private Vertx vertx;
  private Context context;
  private Bus bus;
  private final AtomicLong now = new AtomicLong(1_000_000_000);
  private final List<Object> stored = new CopyOnWriteArrayList<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private volatile boolean outputCanBeKept = true;
  private volatile boolean superseded;

  @BeforeEach
  void start() {
    spool = folder.resolve(RUN).resolve("1");
    vertx = Vertx.vertx();
    context = vertx.getOrCreateContext();
    bus = new Bus(vertx);
    bus.serve(Addresses.APPEND, this::store);
    bus.serve(Addresses.APPLY, write -> store(write.change()));
    bus.serve(Addresses.KEEP, this::kept);
    bus.serve(
        Addresses.LOG,
        chunk ->
            outputCanBeKept
                ? CompletableFuture.completedStage(chunk.from() + chunk.bytes().length)
                : CompletableFuture.failedStage(new IOException("the folder of logs is gone")));
  }

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private CompletionStage<Applied> store(Object what) {
    boolean refused = what instanceof Change.AddProvenance || what instanceof MetricBatch;
    if (refused && refusals.getAndDecrement() > 0) {
      return CompletableFuture.failedStage(new StoreException.Overloaded("later"));
    }
    stored.add(what);
    return CompletableFuture.completedStage(DONE);
  }

  private CompletionStage<Boolean> kept(Keep keep) {
    if (refusals.getAndDecrement() > 0) {
      return CompletableFuture.failedStage(new IOException("No space left on device"));
    }
    if (superseded) {
      return CompletableFuture.failedStage(new StoreException.StaleAttempt("there is another attempt"));
    }
    stored.add(keep);
    return CompletableFuture.completedStage(true);
  }

  private Shipment shipment(boolean stopRequested) throws Exception {
    Attempt attempt = new Attempt(1, 7, "local", 1, null, null, null, null);
    RunRecord run =
        new RunRecord(
            RUN, "0", "a run", RunState.RUNNING, null, null, Map.of(), 1, Map.of(), "", 1, 1L, null, stopRequested,
            false, null, 0, null, false, null, Map.of(), null, null, List.of(attempt), Map.of(), 1);
    AgentOptions options = AgentOptions.of(new JavaCommand(folder.resolve("java"), ""));
    Clock clock =
        new Clock() {
          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            return Instant.ofEpochMilli(now.get());
          }
        };
    RunnerProcess process = RunnerProcess.adopt(spool).orElse(null);
    return new Shipment(bus, clock, options, context, run, spool, process, false, 0);
  }

  private void tick(Shipment shipment) throws Exception {
    Future.<Void>future(done -> context.runOnContext(go -> {
      shipment.tick();
      done.complete();
    })).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void tickUntil(Shipment shipment, long stepMs, BooleanSupplier there) throws Exception {
    while (!there.getAsBoolean()) {
      now.addAndGet(stepMs);
      tick(shipment);
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  private Process sleeper() throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    Files.createDirectories(spool);
    long pid = process.pid();
    Files.writeString(
        spool.resolve("runner.json"), "{\"pid\":" + pid + ",\"start\":" + Pids.startOf(pid) + "}");
    return process;
  }

  private List<Class<?>> kinds() {
    return stored.stream().<Class<?>>map(Object::getClass).toList();
  }

  @Test
  void pointsThenTheEndAndThenTheSpoolIsGone() throws Exception {
    try (SpoolWriter writer = SpoolWriter.open(spool, SpoolWriter.DEFAULT_LIMIT)) {
      writer.point(writer.series("a"), 1, 1, 0.5);
      writer.end("FINISHED", "", 5);
    }
    Shipment shipment = shipment(false);
    tickUntil(shipment, 1, shipment::over);
    assertThat(kinds()).containsExactly(MetricBatch.class, Change.EndAttempt.class);
    assertThat(stored.get(1)).isEqualTo(new Change.EndAttempt(RUN, 1, 7, RunState.FINISHED, null, 5, false, 0));
    assertThat(spool).doesNotExist();
    assertThat(folder.resolve(RUN)).doesNotExist();
  }

  @Test
  void factsAreStoredBeforeThePointsBehindThemAreAcknowledged() throws Exception {
    refusals.set(1);
    try (SpoolWriter writer = SpoolWriter.open(spool, SpoolWriter.DEFAULT_LIMIT)) {
      writer.provenance("device", "CPU");
      writer.point(writer.series("a"), 1, 1, 0.5);
      writer.end("FINISHED", "", 5);
    }
    Shipment shipment = shipment(false);
    tickUntil(shipment, 1, shipment::over);
    assertThat(kinds()).containsExactly(Change.AddProvenance.class, MetricBatch.class, Change.EndAttempt.class);
  }

  @Test
  void whatIsShownAndKeptGoesBeforeThePointsOfItsRangeAndWaitsForRoom() throws Exception {
    refusals.set(2);
    try (SpoolWriter writer = SpoolWriter.open(spool, SpoolWriter.DEFAULT_LIMIT)) {
      writer.point(writer.series("a"), 1, 1, 0.5);
      writer.exhibit("confusion", 1, 2, bytes("{\"kind\":\"matrix\"}"));
      writer.keep(3, bytes("{\"path\":\"notes.txt\"}"));
      writer.end("FINISHED", "", 5);
    }
    Shipment shipment = shipment(false);
    tickUntil(shipment, 1, shipment::over);
    assertThat(kinds()).containsExactly(Keep.class, MetricBatch.class, Change.EndAttempt.class);
    Keep keep = (Keep) stored.get(0);
    assertThat(keep.files()).isEqualTo(spool.resolve("files"));
    assertThat(keep.attempt()).isEqualTo(1);
    assertThat(keep.records()).hasSize(2);
    assertThat(keep.records().get(0)).isInstanceOf(Keepsake.Exhibit.class);
    assertThat(keep.records().get(1)).isInstanceOf(Keepsake.File.class);
    assertThat(keep.records().get(0).position()).isPositive().isLessThan(keep.records().get(1).position());
  }

  @Test
  void aRunThatOnlyShowsThingsEndsWhenAllAreKeptAndHasItsSegmentsDeletedMeanwhile() throws Exception {
    byte[] large = bytes("{\"kind\":\"text\",\"data\":\"" + "x".repeat(900_000) + "\"}");
    int shown = 40;
    Process process = sleeper();
    Shipment shipment;
    try (SpoolWriter writer = SpoolWriter.open(spool, SpoolWriter.DEFAULT_LIMIT)) {
      writer.provenance("device", "CPU");
      shipment = shipment(false);
      for (int i = 0; i < shown; i++) {
        assertThat(writer.exhibit("sample", i, i, large)).isTrue();
        int sent = i + 1;
        tickUntil(shipment, 50, () -> keepsakes().size() >= sent);
      }
      tickUntil(shipment, 50, () -> !spool.resolve("00000000.seg").toFile().exists());
      writer.end("FINISHED", "", 5);
    }
    process.destroyForcibly().waitFor();
    tickUntil(shipment, 1, shipment::over);
    assertThat(keepsakes()).extracting(Keepsake::position).doesNotHaveDuplicates().hasSize(shown);
    long next = 0;
    for (Object what : stored) {
      if (what instanceof MetricBatch batch) {
        assertThat(batch.columns()).isEmpty();
        assertThat(batch.seq()).isEqualTo(next);
        next = batch.nextSeq();
      }
    }
    assertThat(kinds().get(stored.size() - 1)).isEqualTo(Change.EndAttempt.class);
  }

  @Test
  void whatADeadRunnerHasShownIsKeptToTheLastOneBeforeItsAttemptEnds() throws Exception {
    byte[] large = bytes("{\"kind\":\"text\",\"data\":\"" + "x".repeat(900_000) + "\"}");
    try (SpoolWriter writer = SpoolWriter.open(spool, SpoolWriter.DEFAULT_LIMIT)) {
      writer.provenance("device", "CPU");
      for (int i = 0; i < 12; i++) {
        assertThat(writer.exhibit("sample", i, i, large)).isTrue();
      }
    }
    Shipment shipment = shipment(false);
    tickUntil(shipment, 100, shipment::over);
    assertThat(keepsakes()).hasSize(12);
    assertThat(kinds().get(stored.size() - 1)).isEqualTo(Change.EndAttempt.class);
  }

  private List<Keepsake> keepsakes() {
    return stored.stream().filter(Keep.class::isInstance).flatMap(it -> ((Keep) it).records().stream()).toList();
  }

  @Test
  void anotherHubSendsWhatHadNoAcknowledgedPointBehindItAgainWithItsOldPosition() throws Exception {
    try (SpoolWriter writer = SpoolWriter.open(spool, SpoolWriter.DEFAULT_LIMIT)) {
      writer.exhibit("sample", 1, 1, bytes("{}"));
      Shipment first = shipment(false);
      tickUntil(first, 1, () -> !stored.isEmpty());
      first.release();
      writer.point(writer.series("a"), 1, 1, 0.5);
      writer.end("FINISHED", "", 5);
    }
    Shipment second = shipment(false);
    tickUntil(second, 1, second::over);
    assertThat(kinds()).containsExactly(Keep.class, Keep.class, MetricBatch.class, Change.EndAttempt.class);
    assertThat(keepsakes()).extracting(Keepsake::position).hasSize(2).containsOnly(keepsakes().get(0).position());
  }

  @Test
  void anAttemptThatIsSupersededIsGivenUpWhenItWantsToKeepSomething() throws Exception {
    superseded = true;
    try (SpoolWriter writer = SpoolWriter.open(spool, SpoolWriter.DEFAULT_LIMIT)) {
      writer.exhibit("sample", 1, 1, bytes("{}"));
      writer.point(writer.series("a"), 1, 1, 0.5);
    }
    Shipment shipment = shipment(false);
    tickUntil(shipment, 1, shipment::over);
    assertThat(stored).isEmpty();
    assertThat(spool).doesNotExist();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void outputThatCannotBeKeptDoesNotKeepARunFromEndingAndIsNotThrownAway() throws Exception {
    outputCanBeKept = false;
    try (SpoolWriter writer = SpoolWriter.open(spool, SpoolWriter.DEFAULT_LIMIT)) {
      writer.end("FINISHED", "", 5);
    }
    Files.writeString(spool.resolve("output.log"), "epoch 1\n");
    Shipment shipment = shipment(false);
    tickUntil(shipment, 100, () -> !stored.isEmpty());
    assertThat(kinds()).containsExactly(Change.EndAttempt.class);
    assertThat(shipment.over()).isFalse();
    assertThat(spool.resolve("output.log")).exists();
    outputCanBeKept = true;
    tickUntil(shipment, 100, shipment::over);
    assertThat(spool).doesNotExist();
  }

  @Test
  void aMachineThatSleptForDaysGivesNoRunnerUp() throws Exception {
    Process process = sleeper();
    try (SpoolReader spooled = SpoolReader.open(spool, 0)) {
      Shipment shipment = shipment(false);
      spooled.control().beat(now.get());
      tick(shipment);
      now.addAndGet(TimeUnit.DAYS.toMillis(3));
      tick(shipment);
      assertThat(process.isAlive()).isTrue();
      assertThat(stored).isEmpty();
      // It is awake, and still nothing is heard.
      tickUntil(shipment, 1_000, () -> !stored.isEmpty());
      assertThat(stored.get(0)).isEqualTo(new Change.MarkUnreachable(RUN, 1, 7, 1_000_000_000L));
      assertThat(process.isAlive()).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aRunnerThatDoesNotStopIsKilledAfterTheGracePeriodAndHasBeenStopped() throws Exception {
    Process process = sleeper();
    Shipment shipment = shipment(true);
    tick(shipment);
    now.addAndGet(9_000);
    tick(shipment);
    assertThat(process.isAlive()).isTrue();
    now.addAndGet(1_001);
    tick(shipment);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    tickUntil(shipment, 10, shipment::over);
    assertThat(kinds()).containsExactly(Change.EndAttempt.class);
    Change.EndAttempt end = (Change.EndAttempt) stored.get(0);
    assertThat(end.state()).isEqualTo(RunState.STOPPED);
    assertThat(end.reason()).isEqualTo("It did not stop within 10.0 s and was killed.");
  }

  @Test
  void aRunnerThatIsGoneWithoutAnEndHasFailedWithItsLastLines() throws Exception {
    Process process = sleeper();
    Files.writeString(spool.resolve("output.log"), "one\ntwo\n");
    Shipment shipment = shipment(false);
    tick(shipment);
    process.destroyForcibly().waitFor();
    tickUntil(shipment, 10, shipment::over);
    Change.EndAttempt end = (Change.EndAttempt) stored.get(stored.size() - 1);
    assertThat(end.state()).isEqualTo(RunState.FAILED);
    assertThat(end.reason()).contains("Its last output:\none\ntwo");
  }
}
