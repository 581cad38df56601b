package io.trainyard.store.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.core.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChunkDamageTest {
  private static final SeriesKey KEY = new SeriesKey("0123456789abcdef0123456789abcdef", 2, "train/loss");
  private static final String FILE = "chunks/00000001.chk";

  private final MemoryDisk disk = new MemoryDisk();
  private final List<ChunkRef> chunks = new ArrayList<>();
  private Points points;
  private ChunkFiles.Position synced;

  @BeforeEach
  void threeChunks() throws IOException {
    try (ChunkFiles files = ChunkFiles.open(disk, ChunkFiles.Options.DEFAULT)) {
      points = Samples.losses(new Random(5), 100, 900);
      for (int i = 0; i < 3; i++) {
        chunks.addAll(files.append(KEY, i, Long.MIN_VALUE, slice(300 * i, 300 * i + 300)));
        synced = files.sync();
      }
    }
  }

  @Test
  void aFlippedBitAnywhereIsNeverAValue() throws IOException {
    int length = disk.bytes(FILE).length;
    int refused = 0;
    for (int offset = 0; offset < length; offset++) {
      disk.flip(FILE, offset, 1 << offset % 8);
      // The tail is cut when its commit is damaged and nobody says that it was promised: hence "synced".
      byte[] before = disk.bytes(FILE);
      try (ChunkFiles files = ChunkFiles.open(disk, ChunkFiles.Options.DEFAULT.withSynced(synced))) {
        assertThat(disk.bytes(FILE)).as("offset %d: nothing is cut", offset).isEqualTo(before);
        for (ChunkRef chunk : chunks) {
          refused += isRefused(files, chunk, offset) ? 1 : 0;
        }
        assertThat(files.scrub().problems()).as("offset %d", offset).isNotEmpty();
        Map<SeriesKey, List<ChunkRef>> index = ChunkScript.scan(files);
        for (ChunkRef found : index.getOrDefault(KEY, List.of())) {
          assertThat(chunks).as("offset %d", offset).contains(found);
        }
        assertThat(index.getOrDefault(KEY, List.of()).size()).as("offset %d", offset).isGreaterThanOrEqualTo(2);
      }
      disk.flip(FILE, offset, 1 << offset % 8);
    }
    long inChunks = chunks.stream().mapToLong(ChunkRef::length).sum();
    assertThat(refused).isGreaterThanOrEqualTo((int) inChunks);
  }

  @Test
  void damageIsNamedWithFileOffsetSeriesAndSteps() throws IOException {
    ChunkRef second = chunks.get(1);
    disk.flip(FILE, (int) second.offset() + second.length() - 10, 4);
    try (ChunkFiles files = ChunkFiles.open(disk, ChunkFiles.Options.DEFAULT.withSynced(synced))) {
      assertThatThrownBy(() -> files.read(KEY, second))
          .isInstanceOf(StoreException.Damaged.class)
          .hasMessageContaining(FILE + ", offset " + second.offset())
          .hasMessageContaining("train/loss of run 0123456789abcdef0123456789abcdef, attempt 2")
          .hasMessageContaining("steps 400 to 699");
      assertThat(files.scrub().problems()).singleElement().asString().contains(FILE, "steps 400 to 699");
      assertThat(files.read(KEY, chunks.get(2)).count()).isEqualTo(300);
    }
  }

  @Test
  void anIndexThatMeansSomethingElseIsNotBelieved() throws IOException {
    try (ChunkFiles files = ChunkFiles.open(disk, ChunkFiles.Options.DEFAULT)) {
      ChunkRef ref = chunks.get(0);
      ChunkSummary s = ref.summary();
      ChunkSummary other =
          new ChunkSummary(
              s.count(),
              0,
              0,
              0,
              s.firstStep(),
              s.firstTime(),
              s.first(),
              s.lastStep(),
              s.lastTime(),
              s.last(),
              s.min(),
              99,
              s.sum(),
              0);
      assertThatThrownBy(() -> files.read(KEY, new ChunkRef(1, ref.offset(), ref.length(), 0, ref.order(), other)))
          .isInstanceOf(StoreException.Damaged.class);
      assertThatThrownBy(() -> files.read(KEY, new ChunkRef(1, ref.offset() + 1, ref.length(), 0, ref.order(), s)))
          .isInstanceOf(StoreException.Damaged.class);
      assertThatThrownBy(() -> files.read(KEY, new ChunkRef(9, ref.offset(), ref.length(), 0, ref.order(), s)))
          .isInstanceOf(StoreException.Damaged.class)
          .hasMessageContaining("missing");
      assertThatThrownBy(() -> files.read(new SeriesKey("other", 1, "x"), ref))
          .isInstanceOf(StoreException.Damaged.class);
    }
  }

  @Test
  void aTornTailIsCutWithoutAWord() throws IOException {
    byte[] whole = disk.bytes(FILE);
    for (int length = (int) synced.offset(); length > chunks.get(2).offset(); length -= 7) {
      disk.content(FILE).size = length;
      try (ChunkFiles files = ChunkFiles.open(disk, ChunkFiles.Options.DEFAULT)) {
        boolean all = length == synced.offset();
        assertThat(files.damage()).as("length %d", length).isEmpty();
        assertThat(ChunkScript.scan(files).get(KEY)).as("length %d", length).hasSize(all ? 3 : 2);
      }
      disk.content(FILE).bytes = whole.clone();
    }
  }

  @Test
  void aPromisedTailThatIsMissingIsDamage() throws IOException {
    disk.content(FILE).size = (int) chunks.get(2).offset() + 100;
    try (ChunkFiles files = ChunkFiles.open(disk, ChunkFiles.Options.DEFAULT.withSynced(synced))) {
      assertThat(files.damage()).anyMatch(line -> line.contains("bytes are missing"));
      assertThat(ChunkScript.scan(files).get(KEY)).hasSize(2);
    }
  }

  @Test
  void aMissingFileIsDamage() throws IOException {
    ChunkFiles.Options small = new ChunkFiles.Options(1000, 1 << 16, ChunkFiles.Position.NONE);
    try (ChunkFiles files = ChunkFiles.open(disk, small)) {
      files.append(KEY, 9, Long.MIN_VALUE, Samples.losses(new Random(1), 5000, 500));
      files.sync();
    }
    disk.delete(FILE);
    try (ChunkFiles files = ChunkFiles.open(disk, small)) {
      assertThat(files.damage()).singleElement().asString().contains(FILE + " is missing", "3 chunks");
      assertThat(files.scrub().problems()).hasSize(1);
      assertThat(files.isDeleted(1)).isFalse();
      files.append(KEY, 10, Long.MIN_VALUE, slice(0, 10));
      files.sync();
    }
    try (ChunkFiles files = ChunkFiles.open(disk, small)) {
      assertThat(files.damage()).as("not forgotten").hasSize(1);
    }
  }

  @Test
  void aFormatOfTheFutureIsRefused() {
    byte[] bytes = disk.content(FILE).bytes;
    bytes[11] = 2;
    ByteBuffer.wrap(bytes).putInt(ChunkFile.HEADER - 4, Frame.crc(bytes, 0, ChunkFile.HEADER - 4));
    assertThatThrownBy(() -> ChunkFiles.open(disk, ChunkFiles.Options.DEFAULT))
        .isInstanceOf(StoreException.Unusable.class)
        .hasMessageContaining("format 2");
  }

  @Test
  void aFullDiskUndoesTheGroupAndIsOvercome() throws IOException {
    for (int room = 0; room < 4000; room += 13) {
      try (ChunkFiles files = ChunkFiles.open(disk, ChunkFiles.Options.DEFAULT)) {
        ChunkFiles.Position before = files.position();
        disk.capacity = room;
        boolean refused = false;
        try {
          files.append(KEY, 10, 999, slice(0, 300));
          files.append(KEY, 10, 999, slice(300, 600));
          files.drop(List.of(chunks.get(0)));
          files.sync();
        } catch (IOException e) {
          refused = true;
        }
        disk.capacity = Long.MAX_VALUE;
        assertThat(refused).as("room for %d bytes", room).isEqualTo(files.position().equals(before));
        if (!refused) {
          assertThat(room).isGreaterThan(2000);
          return;
        }
        assertThat(files.bytes()).isEqualTo(synced.offset());
        assertThat(ChunkScript.scan(files).get(KEY)).isEqualTo(chunks);
        files.append(KEY, 11, 999, slice(0, 10));
        files.sync();
        assertThat(ChunkScript.scan(files).get(KEY)).hasSize(4);
        // Back to three.
        disk.content(FILE).size = (int) synced.offset();
        disk.content(FILE).bytes = Arrays.copyOf(disk.content(FILE).bytes, (int) synced.offset());
      }
    }
    throw new AssertionError("4000 bytes were not enough");
  }

  @Test
  void afterAFailedForceNothingIsWrittenAnyMore() throws IOException {
    try (ChunkFiles files = ChunkFiles.open(disk, ChunkFiles.Options.DEFAULT)) {
      files.append(KEY, 10, 999, slice(0, 300));
      disk.forceFails = true;
      assertThatThrownBy(files::sync).isInstanceOf(IOException.class);
      disk.forceFails = false;
      assertThatThrownBy(files::sync).isInstanceOf(StoreException.Unusable.class);
      assertThatThrownBy(() -> files.append(KEY, 11, 999, slice(0, 300))).isInstanceOf(StoreException.Unusable.class);
      assertThat(files.read(KEY, chunks.get(0)).count()).isEqualTo(300);
    }
  }

  /** Whether reading fails, whichever way; if it does not, every value must be right. */
  private boolean isRefused(ChunkFiles files, ChunkRef chunk, int offset) throws IOException {
    boolean refused = false;
    try {
      Points read = files.read(KEY, chunk);
      int from = (int) chunk.summary().firstStep() - 100;
      assertThat(read.values())
          .as("offset %d", offset)
          .isEqualTo(Arrays.copyOfRange(points.values(), from, from + 300));
      assertThat(read.times()).as("offset %d", offset).isEqualTo(Arrays.copyOfRange(points.times(), from, from + 300));
    } catch (StoreException.Damaged e) {
      refused = true;
    }
    try {
      Levels levels = files.levels(KEY, chunk);
      assertThat(levels.firstStep[0]).as("offset %d", offset).isEqualTo(chunk.summary().firstStep());
    } catch (StoreException.Damaged e) {
      refused = true;
    }
    return refused;
  }

  private Points slice(int from, int to) {
    return new Points(
        Arrays.copyOfRange(points.steps(), from, to),
        Arrays.copyOfRange(points.times(), from, to),
        Arrays.copyOfRange(points.values(), from, to),
        to - from);
  }
}
