package io.trainyard.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.core.store.StoreException;
import io.trainyard.store.disk.SimulatedDisk;
import io.trainyard.store.disk.SimulatedDisk.Loss;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The power goes in every single write, sync, rename and delete of a workload that makes the store do everything that
 * it ever does.
 */
class PowerLossTest {
  private static final int ROUNDS = 12;

  /** Segments, heads and snapshots so small that each is used up many times. */
  private static final StoreOptions TINY =
      StoreOptions.defaults().withReserveBytes(0).withSegmentBytes(1_500).withSealing(12, 0).withCheckpointBytes(3_000);

  @ParameterizedTest
  @EnumSource(Loss.class)
  void whateverThePowerTakesEveryAcknowledgedChangeIsThereNoneInPartNoneTwice(Loss loss) throws IOException {
    long operations = operationsOfAWholeRun();
    assertThat(operations).isGreaterThan(100);
    // How many there are differs a little with the timing of the two threads; one that never comes is a clean end.
    for (long cut = 1; cut <= operations + 30; cut++) {
      Workload workload = new Workload(ROUNDS);
      SimulatedDisk disk = new SimulatedDisk().powerGoesAt(cut);
      drive(workload, disk);
      SimulatedDisk survivor = disk.afterPowerLoss(loss, new Random(cut));
      assertThat(check(workload, survivor)).as("power lost in operation %d, %s", cut, loss).isEmpty();
    }
  }

  @Test
  void thePowerMayGoAgainWhileTheStoreRecovers() throws IOException {
    long operations = operationsOfAWholeRun();
    for (long cut = 1; cut <= operations; cut += 3) {
      Workload workload = new Workload(ROUNDS);
      SimulatedDisk disk = new SimulatedDisk().powerGoesAt(cut);
      drive(workload, disk);
      Random chance = new Random(cut);
      for (int again = 1; again <= 4; again++) {
        disk = disk.afterPowerLoss(Loss.TORN, chance).powerGoesAt(again);
        openAndClose(disk);
      }
      assertThat(check(workload, disk.afterPowerLoss(Loss.TORN,
          chance))).as("power lost in operation %d, and then in recovery", cut).isEmpty();
    }
  }

  @Test
  void aStoreThatRecoveredGoesOnAndLosesNothingTheNextTime() throws IOException {
    long operations = operationsOfAWholeRun();
    for (long cut = 5; cut <= operations; cut += 7) {
      Workload workload = new Workload(ROUNDS);
      SimulatedDisk disk = new SimulatedDisk().powerGoesAt(cut);
      drive(workload, disk);
      for (int boot = 1; boot <= 3; boot++) {
        disk = disk.afterPowerLoss(Loss.TORN, new Random(cut + boot)).powerGoesAt(20 + (cut * boot) % 60);
        drive(workload, disk);
      }
      assertThat(check(workload, disk.afterPowerLoss(Loss.TORN, new Random(cut)))).as("operation %d", cut).isEmpty();
    }
  }

  @Test
  void aDiskThatOnlyPretendsToSyncIsFoundOut() throws IOException {
    List<String> losses = new ArrayList<>();
    for (long cut = 20; cut <= 140; cut += 10) {
      Workload workload = new Workload(ROUNDS);
      SimulatedDisk disk = new SimulatedDisk().ignoringForce().powerGoesAt(cut);
      drive(workload, disk);
      losses.addAll(check(workload, disk.afterPowerLoss(Loss.EVERYTHING_UNSYNCED, new Random(cut))));
    }
    assertThat(losses).as("without fsync this test must fail").hasSizeGreaterThan(5);
  }

  private static long operationsOfAWholeRun() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    Workload workload = new Workload(ROUNDS);
    try (TrainyardStore store = TrainyardStore.open(disk, TINY)) {
      assertThat(workload.drive(store)).isTrue();
      assertThat(workload.check(store)).isEmpty();
    }
    return disk.operations();
  }

  private static void drive(Workload workload, SimulatedDisk disk) {
    try (TrainyardStore store = TrainyardStore.open(disk, TINY)) {
      if (!disk.isDead()) {
        assertThat(workload.check(store)).isEmpty();
        workload.drive(store);
      }
    } catch (IOException | StoreException powerLost) {
      assertThat(disk.isDead()).isTrue();
    }
    disk.cutPower();
  }

  private static void openAndClose(SimulatedDisk disk) {
    try (TrainyardStore store = TrainyardStore.open(disk, TINY)) {
      assertThat(store.status().damage()).isEmpty();
    } catch (IOException powerLost) {
      assertThat(disk.isDead()).isTrue();
    }
  }

  private static List<String> check(Workload workload, SimulatedDisk disk) throws IOException {
    List<String> wrong = new ArrayList<>();
    try (TrainyardStore store = TrainyardStore.open(disk, TINY)) {
      wrong.addAll(workload.check(store));
      wrong.addAll(Fixture.join(store.scrub()).problems());
    }
    try (TrainyardStore store = TrainyardStore.open(disk, TINY)) {
      wrong.addAll(workload.check(store));
    }
    return wrong;
  }
}
