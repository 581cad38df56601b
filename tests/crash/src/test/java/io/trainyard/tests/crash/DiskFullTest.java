package io.trainyard.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trainyard.client.Control;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A data folder on a disk of 64 MB that somebody else fills. */
final class DiskFullTest {
  private static final int DISK_MB = 64;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @BeforeAll
  static void needsADiskOfItsOwn() {
    String why = SmallDisk.unavailable();
    if (!why.isEmpty()) {
      System.err.println("SKIPPED: tests of the full disk: " + why);
    }
    assumeTrue(why.isEmpty(), why);
  }

  @Test
  void writesAreRefusedReadsAndTrainingGoOnAndEverythingArrivesWhenThereIsRoom() {
    try (Yard yard = new Yard(Yard.Layout.LIGHT.onDiskOf(DISK_MB))) {
      Api api = yard.up();
      KnownRun run = yard.launch(1, new KnownRun.Pace(100_000, 300, 10));
      Await.until("it trains and is stored", PATIENCE, () -> run.training() && run.stored(api).size() == 5);

      // Less than the store wants to keep free, but enough for the segment that the spool has ready.
      yard.disk().fill(2 << 20);
      Await.until("writes are refused", PATIENCE, () -> api.send("/api/v1/experiments", Map.of("name", "x" + System.nanoTime())).status() == 507);
      Api.Reply refusal = api.send("/api/v1/experiments", Map.of("name", "refused"));
      assertThat(refusal.text()).contains("full").contains("reads go on");

      long then = run.truth().done();
      Await.until("the training goes on", PATIENCE, () -> run.truth().done() > then + 4_000);
      assertThat(run.state(api)).isEqualTo("RUNNING");
      assertThat(api.get("/api/v1/runs").get("total").asInt()).isEqualTo(1);
      assertThat(run.stored(api).values()).allMatch(count -> count > 0);
      assertThat(api.ask("/readyz").status()).isEqualTo(200);

      yard.disk().empty();
      Await.until("writes are taken again", PATIENCE, () -> api.send("/api/v1/experiments", Map.of("name", "taken")).status() == 201);
      var logged = run.done();
      Await.until("everything arrives by itself", PATIENCE, () -> run.has(api, logged));
      PointCheck.check(api, run, logged);
      end(yard, run);
      assertThat(run.now(api).get("lost_points").asLong()).isZero();
      PointCheck.checkEnded(api, run);
      yard.verify();
      yard.down();
      yard.passed();
    }
  }

  @Test
  void pointsThatTheSpoolCouldNotHoldAreCountedAsLostAndAllOthersAreThere() {
    try (Yard yard = new Yard(Yard.Layout.LIGHT.onDiskOf(DISK_MB))) {
      Api api = yard.up();
      // Some 2 MB a second: the segments that the spool has ready are full after a few seconds.
      KnownRun run = yard.launch(2, new KnownRun.Pace(10_000_000, 12_000, 100));
      Await.until("it trains and is stored", PATIENCE, () -> run.training() && run.stored(api).size() == 5);

      yard.disk().fill(0);
      Await.until("the spool has no room either", PATIENCE, () -> lost(yard, run) > 1_000);
      long then = run.truth().done();
      Await.until("the training goes on", PATIENCE, () -> run.truth().done() > then + 10_000);

      yard.disk().empty();
      long before = run.stored(api).values().stream().mapToLong(Long::longValue).sum();
      Await.until("points arrive again", PATIENCE, () -> run.stored(api).values().stream().mapToLong(Long::longValue).sum() > before + 100_000);
      end(yard, run);

      long lost = run.now(api).get("lost_points").asLong();
      assertThat(lost).isPositive();
      assertThat(PointCheck.checkSubset(api, run) + lost).as("points stored and points lost").isEqualTo(run.truth().done());
      yard.verify();
      yard.down();
      yard.passed();
    }
  }

  private static long lost(Yard yard, KnownRun run) {
    try {
      return Control.open(yard.home().resolve("spool").resolve(run.id()).resolve("1")).lost();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void end(Yard yard, KnownRun run) {
    yard.api().post("/api/v1/runs/" + run.id() + "/stop", 202, Map.of());
    Await.until(
        () -> "it stops: " + run.now(yard.api()),
        Duration.ofSeconds(60),
        () -> run.state(yard.api()).equals("STOPPED") && !run.now(yard.api()).get("draining").asBoolean());
  }
}
