package io.trainyard.store.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkPowerLossTest {
  private static final int ROUNDS = 12;

  @Test
  void whereverThePowerGoesWhatWasSyncedIsThereAndNothingIsHalf() throws IOException {
    int died = 0;
    for (long seed = 0; seed < 6; seed++) {
      int operations = undisturbed(seed);
      for (int k = 0; k < operations; k++) {
        String problem = dieAt(k, seed, false);
        assertThat(problem).as("seed %d, power gone in operation %d of %d", seed, k, operations).isNull();
        died++;
      }
    }
    assertThat(died).isGreaterThan(400);
  }

  @Test
  void withoutTheForceThatTestFails() throws IOException {
    int operations = undisturbed(1);
    int problems = 0;
    for (int k = 0; k < operations; k++) {
      problems += dieAt(k, 1, true) == null ? 0 : 1;
    }
    assertThat(problems).isGreaterThan(operations / 4);
  }

  @Test
  void aPlainReopeningKeepsEverything() throws IOException {
    for (long seed = 20; seed < 30; seed++) {
      MemoryDisk disk = new MemoryDisk();
      ChunkScript script = new ChunkScript(seed);
      for (int restart = 0; restart < 4; restart++) {
        try (ChunkFiles files = ChunkFiles.open(disk, ChunkScript.SMALL.withSynced(script.position))) {
          assertThat(files.damage()).isEmpty();
          assertThat(files.position()).isEqualTo(script.position);
          Map<SeriesKey, List<ChunkRef>> index = ChunkScript.scan(files);
          script.index.forEach(
              (key, chunks) -> assertThat(index.getOrDefault(key, List.of())).hasSameElementsAs(chunks));
          script.run(files, ROUNDS);
        }
      }
    }
  }

  @Test
  void anIndexOfThePastIsBroughtUpToDate() throws IOException {
    for (long seed = 40; seed < 60; seed++) {
      MemoryDisk disk = new MemoryDisk();
      ChunkScript script = new ChunkScript(seed);
      try (ChunkFiles files = ChunkFiles.open(disk, ChunkScript.SMALL)) {
        script.run(files, 10);
        ChunkFiles.Position then = script.position;
        Map<SeriesKey, List<ChunkRef>> index = new HashMap<>();
        script.index.forEach((key, chunks) -> index.put(key, new ArrayList<>(chunks)));
        script.run(files, 15);

        List<ChunkRef> fresh = new ArrayList<>();
        files.scan(
            then,
            (key, chunk) -> {
              index.computeIfAbsent(key, k -> new ArrayList<>()).add(chunk);
              fresh.add(chunk);
            },
            (file, offset) ->
                index.values().forEach(chunks -> chunks.removeIf(c -> c.file() == file && c.offset() == offset)));
        index.values().forEach(chunks -> chunks.removeIf(chunk -> files.isDeleted(chunk.file())));
        script.index.forEach((key, chunks) -> assertThat(index.get(key)).containsExactlyInAnyOrderElementsOf(chunks));
        assertThat(fresh).isNotEmpty();
      }
    }
  }

  private static int undisturbed(long seed) throws IOException {
    MemoryDisk disk = new MemoryDisk();
    ChunkScript script = new ChunkScript(seed);
    try (ChunkFiles files = ChunkFiles.open(disk, ChunkScript.SMALL)) {
      script.run(files, ROUNDS);
      assertThat(ChunkScript.same(ChunkScript.read(files, script.index), script.promised)).isTrue();
    }
    return disk.operations;
  }

  /** What is wrong after the power went in this operation and came back; null when nothing is. */
  private static String dieAt(int operation, long seed, boolean withoutForce) throws IOException {
    Random random = new Random(seed * 31 + operation);
    MemoryDisk disk = new MemoryDisk();
    disk.powerGoesAt = operation;
    disk.ignoresForce = withoutForce;
    ChunkScript script = new ChunkScript(seed);
    try {
      ChunkFiles files = ChunkFiles.open(disk, ChunkScript.SMALL);
      script.run(files, ROUNDS);
      return "the power did not go";
    } catch (MemoryDisk.PowerLoss expected) {
      disk.loseAndRestorePower(random);
    }
    if (random.nextBoolean()) {
      // Once more, while it recovers.
      disk.powerGoesAt = random.nextInt(4);
      try {
        ChunkFiles.open(disk, ChunkScript.SMALL.withSynced(script.position)).close();
      } catch (MemoryDisk.PowerLoss expected) {
        // What follows looks at what came of it.
      }
      disk.loseAndRestorePower(random);
    }
    try (ChunkFiles files = ChunkFiles.open(disk, ChunkScript.SMALL.withSynced(script.position))) {
      if (!files.damage().isEmpty()) {
        return files.damage().toString();
      }
      ChunkScript.State found = ChunkScript.read(files, ChunkScript.scan(files));
      boolean isPromised = ChunkScript.same(found, script.promised);
      boolean isAsked = script.asked != null && ChunkScript.same(found, script.asked);
      if (!isPromised && !isAsked) {
        return "the points are neither those of the last sync nor those of the one under way";
      }
      List<String> problems = files.scrub().problems();
      if (!problems.isEmpty()) {
        return problems.toString();
      }
      new ChunkScript(seed + 1).run(files, 2);
    } catch (AssertionError | RuntimeException e) {
      return e.toString();
    }
    return null;
  }
}
