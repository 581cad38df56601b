package io.trainyard.store;

import static io.trainyard.store.Fixture.RUN;
import static io.trainyard.store.Fixture.append;
import static io.trainyard.store.Fixture.apply;
import static io.trainyard.store.Fixture.join;
import static io.trainyard.store.Fixture.running;
import static io.trainyard.store.Fixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.core.model.SeriesData;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.PointsQuery;
import io.trainyard.core.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that are not what was written: never a wrong answer, and the damage has a name. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamageTest {
  @TempDir Path folder;

  private final StoreOptions options =
      StoreOptions.defaults().withReserveBytes(0).withSegmentBytes(6_000).withSealing(200,
          0).withCheckpointBytes(10_000);
  private Path home;
  private Path copy;

  @BeforeEach
  void fill() {
    home = folder.resolve("home");
    copy = folder.resolve("copy");
  }

  private void write(int batches) {
    try (TrainyardStore store = TrainyardStore.open(home, options)) {
      long fence = running(store, RUN);
      append(store, RUN, fence, "x", batches, 50);
      apply(store, new Change.EditRun(RUN, "named", null, Map.of("tag", "set")));
    }
  }

  private byte[] flip(byte[] bytes, int at, int bit) {
    byte[] flipped = bytes.clone();
    flipped[at] ^= (byte) (1 << bit);
    return flipped;
  }

  private void copyHome() throws IOException {
    if (Files.exists(copy)) {
      for (Path path : walk(copy).sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
    for (Path path : walk(home).filter(path -> !path.endsWith("view.db")).toList()) {
      Path target = copy.resolve(home.relativize(path));
      if (Files.isDirectory(path)) {
        Files.createDirectories(target);
      } else {
        Files.copy(path, target);
      }
    }
  }

  private static Stream<Path> walk(Path from) throws IOException {
    try (Stream<Path> walk = Files.walk(from)) {
      return walk.toList().stream();
    }
  }

  private static Path only(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.max(Comparator.naturalOrder()).orElseThrow();
    }
  }

  /** All that it answers is true; what it does not answer is named. */
  private void assertTrueOrNamed(int written, String what) {
    boolean whole = false;
    try (TrainyardStore store = TrainyardStore.open(copy, options)) {
      boolean answered = true;
      long count = 0;
      try {
        if (join(store.run(RUN)).isPresent() && join(store.series(RUN)).size() == 1) {
          SeriesData.Raw read =
              (SeriesData.Raw) join(store.points(new PointsQuery(RUN, "x", null, Long.MIN_VALUE, Long.MAX_VALUE,
                  1_000_000)));
          count = read.count();
          for (int i = 0; i < count; i++) {
            assertThat(read.values()[i]).as(what).isEqualTo(value(read.steps()[i]));
          }
          assertThat(Arrays.stream(read.steps()).distinct().count()).as("%s: twice", what).isEqualTo(count);
        }
      } catch (StoreException.Damaged damaged) {
        assertThat(damaged.getMessage()).as(what).isNotBlank();
        answered = false;
      }
      whole = answered && count == written && join(store.run(RUN)).map(run -> run.name().equals("named")).orElse(false);
      List<String> damage = store.status().damage();
      List<String> problems = join(store.scrub()).problems();
      if (!whole) {
        assertThat(Stream.concat(damage.stream(), problems.stream()).toList()).as("%s: lost, and nobody says so",
            what).isNotEmpty();
      }
    } catch (StoreException.Unusable refused) {
      assertThat(refused.getMessage()).as(what).isNotBlank();
    }
  }

  @Test
  void aFlippedBitAnywhereInTheJournalNeverGivesAWrongValueAndIsNamed() throws IOException {
    write(3);
    Path segment = only(home.resolve("journal"));
    byte[] bytes = Files.readAllBytes(segment);
    Random chance = new Random(1);
    for (int at = 0; at < bytes.length; at += 7) {
      copyHome();
      Files.write(copy.resolve(home.relativize(segment)), flip(bytes, at, chance.nextInt(8)));
      assertTrueOrNamed(150, "journal, byte " + at);
    }
  }

  @Test
  void aFlippedBitAnywhereInAChunkFileOrASnapshotNeverGivesAWrongValueAndIsNamed() throws IOException {
    write(60);
    Random chance = new Random(2);
    for (String part : List.of("chunks", "snapshots")) {
      Path file = only(home.resolve(part));
      byte[] bytes = Files.readAllBytes(file);
      int stride = Math.max(1, bytes.length / 50);
      for (int at = 0; at < bytes.length; at += stride) {
        copyHome();
        Files.write(copy.resolve(home.relativize(file)), flip(bytes, at, chance.nextInt(8)));
        if (at / stride % 2 == 0) {
          Files.deleteIfExists(copy.resolve("view.ckpt"));
        }
        assertTrueOrNamed(3_000, part + ", byte " + at);
      }
    }
  }

  @Test
  void aLostFileIsNamed() throws IOException {
    write(60);
    for (String part : List.of("journal", "chunks", "snapshots")) {
      copyHome();
      Files.delete(only(copy.resolve(part)));
      assertTrueOrNamed(3_000, part + " lost");
    }
  }

  @Test
  void aDamagedRecordIsPutAsideAndStaysKnownWhenItsSegmentHasGone() throws IOException {
    write(3);
    Path segment = only(home.resolve("journal"));
    byte[] bytes = Files.readAllBytes(segment);
    Files.write(segment, flip(bytes, bytes.length / 2, 3));
    List<String> damage;
    try (TrainyardStore store = TrainyardStore.open(home, options)) {
      damage = store.status().damage();
      assertThat(damage).hasSize(1);
      assertThat(damage.get(0)).contains("journal/0000000001.log: bytes ").contains("lost: record");
      long fence = join(store.run(RUN)).orElseThrow().attempts().get(0).fence();
      append(store, RUN, fence, "x", 100, 50);
    }
    assertThat(segment).doesNotExist();
    try (TrainyardStore store = TrainyardStore.open(home, options)) {
      assertThat(store.status().damage()).isEqualTo(damage);
    }
  }

  @Test
  void aTornTailIsCutAtEveryByteAndEverythingBeforeItIsThere() throws IOException {
    try (TrainyardStore store = TrainyardStore.open(home, options)) {
      long fence = running(store, RUN);
      append(store, RUN, fence, "x", 1, 50);
      Path segment = only(home.resolve("journal"));
      int before = (int) Files.size(segment);
      append(store, RUN, fence, "x", 1, 50);
      byte[] bytes = Files.readAllBytes(segment);
      // While the store is open, so that nothing says that it was closed in order.
      copyHome();
      for (int length = before; length <= bytes.length; length++) {
        Files.write(copy.resolve(home.relativize(segment)), Arrays.copyOf(bytes, length));
        try (TrainyardStore opened = TrainyardStore.open(copy, options)) {
          assertThat(Fixture.points(opened, RUN, "x").count()).isEqualTo(length == bytes.length ? 100 : 50);
          assertThat(opened.status().damage()).isEmpty();
          append(opened, RUN, fence, "x", 1, 50);
          assertThat(join(opened.nextSeq(RUN, 1))).isEqualTo(length == bytes.length ? 150 : 100);
        }
        copyHome();
      }
    }
  }
}
