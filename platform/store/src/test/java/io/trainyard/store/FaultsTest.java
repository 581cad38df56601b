package io.trainyard.store;

import static io.trainyard.store.Fixture.RUN;
import static io.trainyard.store.Fixture.append;
import static io.trainyard.store.Fixture.apply;
import static io.trainyard.store.Fixture.batch;
import static io.trainyard.store.Fixture.column;
import static io.trainyard.store.Fixture.join;
import static io.trainyard.store.Fixture.points;
import static io.trainyard.store.Fixture.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.core.store.Applied;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.StoreException;
import io.trainyard.store.disk.SimulatedDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A disk that is full, one that cannot sync, and one that is too slow. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultsTest {
  private final StoreOptions options =
      StoreOptions.defaults().withReserveBytes(0).withSegmentBytes(4_000).withSealing(64, 0);

  @Test
  void aFullDiskRefusesWritesClearlyWhileReadsGoOnAndWritingResumesByItself() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    long stored = 0;
    try (TrainyardStore store = TrainyardStore.open(disk, options)) {
      long fence = running(store, RUN);
      append(store, RUN, fence, "x", 10, 20);
      for (int round = 0; round < 5; round++) {
        disk.capacity(disk.used() + 700);
        StoreException refused = null;
        while (refused == null) {
          try {
            append(store, RUN, fence, "x", 1, 20);
          } catch (StoreException.ReadOnly full) {
            refused = full;
          }
        }
        assertThat(refused).hasMessageContaining("full").hasMessageContaining("reads go on");
        assertThat(store.status().writable()).isFalse();
        assertThat(store.status().reason()).contains("full");
        stored = join(store.nextSeq(RUN, 1));
        assertThat(points(store, RUN, "x").count()).isEqualTo(stored);
        disk.capacity(Long.MAX_VALUE / 4);
        // Nobody writes: it finds out by itself.
        await(() -> store.status().writable());
        append(store, RUN, fence, "x", 5, 20);
        stored = join(store.nextSeq(RUN, 1));
      }
    }
    try (TrainyardStore store = TrainyardStore.open(disk, options)) {
      assertThat(points(store, RUN, "x").count()).isEqualTo(stored);
      assertThat(store.status().damage()).isEmpty();
      assertThat(join(store.scrub()).problems()).isEmpty();
    }
  }

  @Test
  void theReserveIsKeptForSealing() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    try (TrainyardStore store = TrainyardStore.open(disk, options.withReserveBytes(10_000))) {
      long fence = running(store, RUN);
      disk.capacity(disk.used() + 10_000);
      assertThatThrownBy(() -> append(store, RUN, fence, "x", 1, 20)).isInstanceOf(StoreException.ReadOnly.class);
      disk.capacity(disk.used() + 30_000);
      append(store, RUN, fence, "x", 1, 20);
    }
  }

  @Test
  void afterAFailedSyncNoWriteIsEverTakenAgainAndNothingUnsyncedIsShown() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    try (TrainyardStore store = TrainyardStore.open(disk, options)) {
      long fence = running(store, RUN);
      append(store, RUN, fence, "x", 1, 20);
      disk.failForceOf("");
      assertThatThrownBy(() -> append(store, RUN, fence, "x", 1, 20))
          .isInstanceOf(StoreException.Unusable.class)
          .hasMessageContaining("restart");
      disk.failForceOf(null);
      assertThatThrownBy(() -> append(store, RUN, fence, "x", 1, 20)).isInstanceOf(StoreException.Unusable.class);
      assertThat(points(store, RUN, "x").count()).isEqualTo(20);
      assertThat(store.status().writable()).isFalse();
      assertThat(store.status().reason()).contains("could not be synced");
    }
    try (TrainyardStore store = TrainyardStore.open(disk, options)) {
      assertThat(store.status().writable()).isTrue();
      assertThat(points(store, RUN, "x").count()).isIn(20L, 40L);
    }
  }

  @Test
  void aFailedSyncOfAChunkFileStopsTheStoreAndLosesNothing() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    try (TrainyardStore store = TrainyardStore.open(disk, options)) {
      long fence = running(store, RUN);
      disk.failForceOf("chunks/");
      append(store, RUN, fence, "x", 4, 20);
      await(() -> !store.status().writable());
      assertThat(store.status().reason()).contains("stopped taking writes");
      assertThat(points(store, RUN, "x").count()).isEqualTo(80);
    }
    disk.failForceOf(null);
    try (TrainyardStore store = TrainyardStore.open(disk, options)) {
      assertThat(points(store, RUN, "x").count()).isEqualTo(80);
      assertThat(store.status().damage()).isEmpty();
    }
  }

  @Test
  void moreThanTheQueueHoldsIsRefusedAsOverloadAndMayBeSentAgain() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    try (TrainyardStore store = TrainyardStore.open(disk, options.withQueue(10, 1_000_000))) {
      long fence = running(store, RUN);
      CompletableFuture<Void> syncing = new CompletableFuture<>();
      CompletableFuture<Void> go = new CompletableFuture<>();
      disk.stall(syncing, go);
      store.apply(new Change.EditRun(RUN, "slow", null, Map.of()));
      syncing.join();
      List<CompletableFuture<Applied>> waiting = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        waiting.add(
            store.apply(new Change.AppendPoints(batch(RUN, fence, -1, -1, column("x", i, 1)))).toCompletableFuture());
      }
      long refused = waiting.stream().filter(CompletableFuture::isCompletedExceptionally).count();
      assertThat(refused).isEqualTo(20);
      assertThatThrownBy(() ->
          join(waiting.get(29))).isInstanceOf(StoreException.Overloaded.class).hasMessageContaining("again later");
      go.complete(null);
      join(waiting.get(9));
      apply(store, new Change.AppendPoints(batch(RUN, fence, -1, -1, column("x", 99, 1))));
      assertThat(points(store, RUN, "x").count()).isEqualTo(11);
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
