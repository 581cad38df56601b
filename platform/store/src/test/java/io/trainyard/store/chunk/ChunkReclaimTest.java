package io.trainyard.store.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkReclaimTest {
  private static final SeriesKey KEEP = new SeriesKey("keep", 1, "loss");
  private static final SeriesKey GO = new SeriesKey("go", 1, "loss");
  private static final ChunkFiles.Options SMALL = new ChunkFiles.Options(50_000, 1 << 18, ChunkFiles.Position.NONE);

  private final MemoryDisk disk = new MemoryDisk();
  private final Map<SeriesKey, List<ChunkRef>> index = new HashMap<>();

  @Test
  void aPurgedSeriesGivesItsBytesBackAndTheOthersStay() throws IOException {
    try (ChunkFiles files = ChunkFiles.open(disk, SMALL)) {
      fill(files);
      long before = files.bytes();
      files.drop(index.remove(GO));
      files.sync();
      for (int i = 0; i < 30; i++) {
        swap(files, files.evacuate(this::isLive));
        files.deleteDead(this::isLive);
      }
      assertThat(files.bytes()).isLessThan(before / 3);
    }
    try (ChunkFiles files = ChunkFiles.open(disk, SMALL)) {
      assertThat(files.damage()).isEmpty();
      assertThat(ChunkScript.scan(files).keySet()).containsExactly(KEEP);
      assertThat(ChunkScript.scan(files).get(KEEP)).hasSameElementsAs(index.get(KEEP));
      assertThat(ChunkScript.read(files, index).series().get(KEEP)).hasSize(4000);
    }
  }

  @Test
  void aPinnedFileStaysUntilItsReaderIsDone() throws IOException {
    try (ChunkFiles files = ChunkFiles.open(disk, SMALL)) {
      fill(files);
      ChunkFiles.Pin pin = files.pin();
      List<ChunkRef> seen = index.get(GO);
      files.drop(index.remove(GO));
      files.sync();
      swap(files, files.evacuate(this::isLive));
      files.deleteDead(this::isLive);
      assertThat(files.deleteDead(this::isLive)).isZero();
      for (ChunkRef chunk : seen) {
        assertThat(files.read(GO, chunk).count()).isPositive();
      }
      pin.close();
      pin.close();
      assertThat(files.deleteDead(this::isLive)).isPositive();
      // A pin taken now cannot hold what is gone already.
      try (ChunkFiles.Pin later = files.pin()) {
        assertThat(files.deleteDead(this::isLive)).isZero();
      }
    }
  }

  @Test
  void aFileThatTheIndexStillWantsIsNotDeletedWhateverTheCountsSay() throws IOException {
    try (ChunkFiles files = ChunkFiles.open(disk, SMALL)) {
      fill(files);
      files.drop(index.get(GO));
      files.drop(index.get(KEEP));
      files.sync();
      assertThat(files.deleteDead(this::isLive)).isZero();
      assertThat(ChunkScript.read(files, index).series().get(KEEP)).hasSize(4000);
    }
  }

  @Test
  void mergedChunksDoNotOverlapAndHaveWhatTheyReplaced() throws IOException {
    try (ChunkFiles files = ChunkFiles.open(disk, SMALL)) {
      Random random = new Random(4);
      List<ChunkRef> chunks = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        chunks.addAll(files.append(KEEP, 7 + i, Long.MIN_VALUE, Samples.losses(random, 5000L * i, 9000)));
      }
      files.sync();
      List<List<ChunkRef>> groups = ChunkMerger.plan(chunks, 0.02);
      assertThat(groups).hasSize(1);
      assertThat(ChunkMerger.plan(chunks, 0.9)).isEmpty();
      Move move = new ChunkMerger(files).merge(KEEP, groups.get(0));
      files.sync();
      assertThat(move.gone()).hasSameElementsAs(chunks);
      assertThat(ChunkMerger.plan(move.fresh(), 0)).isEmpty();
      assertThat(move.fresh()).allMatch(chunk -> chunk.journalSequence() == 12);
      assertThat(move.fresh().stream().mapToLong(c -> c.summary().count()).sum()).isEqualTo(54_000);
      assertThat(ChunkScript.scan(files).get(KEEP)).isEqualTo(move.fresh());
    }
  }

  private void fill(ChunkFiles files) throws IOException {
    for (int i = 0; i < 40; i++) {
      add(files, GO, Samples.losses(new Random(i), 1000L * i, 1000));
      add(files, KEEP, Samples.losses(new Random(i), 100L * i, 100));
      files.sync();
    }
  }

  private void add(ChunkFiles files, SeriesKey key, Points points) throws IOException {
    index.computeIfAbsent(key, k -> new ArrayList<>()).addAll(files.append(key, 1, Long.MIN_VALUE, points));
  }

  private void swap(ChunkFiles files, List<Move> moves) throws IOException {
    files.sync();
    for (Move move : moves) {
      index.get(move.key()).removeAll(move.gone());
      index.get(move.key()).addAll(move.fresh());
    }
  }

  private boolean isLive(SeriesKey key, ChunkRef chunk) {
    return index.getOrDefault(key, List.of()).contains(chunk);
  }
}
