package io.trainyard.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class SpoolTest {
  private static final int SMALL = 64 << 10;

  @TempDir Path dir;

  @Test
  void everyKindOfRecordComesBackBitForBit() throws Exception {
    Recorded read = new Recorded();
    try (SpoolWriter writer = SpoolWriter.open(dir, SpoolWriter.DEFAULT_LIMIT);
        SpoolReader reader = SpoolReader.open(dir, 0)) {
      int loss = writer.series("train/loss");
      writer.provenance("jdk", "17 \u00fc");
      double oddNan = Double.longBitsToDouble(0x7ff8000000000123L);
      writer.point(loss, Long.MIN_VALUE, 1, oddNan);
      writer.point(loss, -3, 2, Double.NEGATIVE_INFINITY);
      writer.block(loss, 10, 2, 3, new float[] {9, 0.1f, -0.0f}, 1);
      assertThat(writer.exhibit("weights/\u00fc", -7, 11, json(5))).isTrue();
      assertThat(writer.keep(12, json(9))).isTrue();
      writer.end("FINISHED", "", 4);

      assertThat(reader.poll(read, 1)).isEqualTo(1);
      assertThat(reader.atEnd()).isFalse();
      read.drain(reader);
      assertThat(read.points)
          .containsExactly(
              new Recorded.Point("train/loss", Long.MIN_VALUE, 1, 0x7ff8000000000123L),
              new Recorded.Point("train/loss", -3, 2, Double.doubleToRawLongBits(Double.NEGATIVE_INFINITY)),
              new Recorded.Point("train/loss", 10, 3, Double.doubleToRawLongBits(0.1f)),
              new Recorded.Point("train/loss", 11, 3, Double.doubleToRawLongBits(-0.0)));
      assertThat(read.provenance).containsExactly(java.util.Map.entry("jdk", "17 \u00fc"));
      assertThat(read.kept).extracting(Recorded.Kept::what).containsExactly("weights/\u00fc -7 11", "file 12");
      assertThat(read.kept).extracting(Recorded.Kept::hash)
          .containsExactly(Arrays.hashCode(json(5)), Arrays.hashCode(json(9)));
      assertThat(read.end).isEqualTo("FINISHED  4");
      assertThat(reader.atEnd()).isTrue();
      assertThat(reader.control().logged()).isEqualTo(4);
      assertThat(reader.control().lost()).isZero();

      writer.point(loss, 1, 1, 1);
      assertThat(reader.control().lost()).as("logged after the end").isEqualTo(1);
    }
  }

  @Test
  void whateverIsWrittenIsReadOnceInOrderFromAnyPositionThatAReaderHad() throws Exception {
    for (int seed = 0; seed < 15; seed++) {
      Random random = new Random(seed);
      Path spool = dir.resolve("p" + seed);
      List<Recorded.Point> written = new ArrayList<>();
      List<String> shown = new ArrayList<>();
      Recorded read = new Recorded();
      SpoolReader reader = SpoolReader.open(spool, 0);
      try (SpoolWriter writer = SpoolWriter.open(spool, SpoolWriter.DEFAULT_LIMIT, SMALL, 2 * SMALL)) {
        int[] series = new int[40];
        for (int i = 0; i < 40; i++) {
          series[i] = writer.series("s/" + i);
        }
        for (int i = 0; i < 4000; i++) {
          int s = random.nextInt(40);
          long step = random.nextLong();
          if (random.nextInt(100) == 0) {
            byte[] json = json(random.nextInt(50_000));
            assertThat(i % 2 == 0 ? writer.exhibit("e", step, i, json) : writer.keep(i, json(i))).isTrue();
            shown.add(i % 2 == 0 ? "e " + step + " " + i + " " + json.length : "file " + i + " " + i);
          }
          if (random.nextInt(5) > 0) {
            double value = random.nextGaussian();
            writer.point(series[s], step, i, value);
            written.add(new Recorded.Point("s/" + s, step, i, Double.doubleToRawLongBits(value)));
          } else {
            float[] values = new float[1 + random.nextInt(random.nextInt(20) == 0 ? 10_000 : 60)];
            for (int k = 0; k < values.length; k++) {
              values[k] = random.nextFloat();
              written.add(new Recorded.Point("s/" + s, step + k, i, Double.doubleToRawLongBits(values[k])));
            }
            writer.block(series[s], step, values.length, i, values, 0);
          }
          if (random.nextInt(10) == 0) {
            reader.poll(read, 1 + random.nextInt(500));
          }
          if (random.nextInt(50) == 0) {
            long position = reader.position();
            reader.close();
            reader = SpoolReader.open(spool, position);
            reader.deleteBefore(position);
            assertThat(reader.position()).isEqualTo(position);
          }
        }
        writer.end("STOPPED", "asked to", 9);
        read.drain(reader);
      }
      reader.close();
      assertThat(read.damages).isEmpty();
      assertThat(read.points).isEqualTo(written);
      assertThat(read.kept.stream().map(it -> it.what() + " " + it.bytes()).toList()).isEqualTo(shown);
      assertThat(read.kept).extracting(Recorded.Kept::position).isSorted().doesNotHaveDuplicates();
      assertThat(read.end).isEqualTo("STOPPED asked to 9");
    }
  }

  @Test
  void manyThreadsLogAndNoPointIsLostTornOrOutOfItsThreadsOrder() throws Exception {
    int threads = 4;
    int each = 200_000;
    try (SpoolWriter writer = SpoolWriter.open(dir, SpoolWriter.DEFAULT_LIMIT);
        SpoolReader reader = SpoolReader.open(dir, 0)) {
      List<Thread> writers = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int thread = t;
        writers.add(
            new Thread(
                () -> {
                  for (int i = 0; i < each; i++) {
                    writer.point(writer.series("t" + thread), i, thread, i * 3.0);
                  }
                }));
      }
      writers.forEach(Thread::start);
      long[] next = new long[threads];
      SpoolReader.Visitor check =
          new SpoolReader.Visitor() {
            @Override
            public void point(String series, long step, long ms, double value) {
              int thread = series.charAt(1) - '0';
              assertThat(ms == thread && step == next[thread] && value == step * 3.0).isTrue();
              next[thread]++;
            }

            @Override
            public void block(String series, long firstStep, long ms, float[] values, int count) {
              throw new AssertionError("no block was written");
            }
          };
      long read = 0;
      while (read < (long) threads * each) {
        read += reader.poll(check, 10_000);
        reader.deleteBefore(reader.position());
        assertThat(reader.control().lost()).isZero();
      }
      for (Thread thread : writers) {
        thread.join();
      }
      assertThat(next).containsOnly(each);
    }
  }

  @Test
  void beyondTheLimitPointsAreCountedAndWhenTheAgentIsBackLoggingGoesOn() throws Exception {
    try (SpoolWriter writer = SpoolWriter.open(dir, 3 * SMALL, SMALL, SMALL);
        SpoolReader reader = SpoolReader.open(dir, 0)) {
      int series = writer.series("x");
      for (int i = 0; i < 20_000; i++) {
        writer.point(series, i, 0, i);
      }
      long logged = writer.control().logged();
      assertThat(logged).isBetween(5000L, 7000L);
      assertThat(writer.control().lost()).isEqualTo(20_000 - logged);

      Recorded read = new Recorded().drain(reader);
      assertThat(read.points).hasSize((int) logged);
      reader.deleteBefore(reader.position());
      long before = writer.control().logged();
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (writer.control().logged() == before && System.nanoTime() < deadline) {
        writer.point(series, 99_999, 0, 1);
        Thread.sleep(1);
      }
      writer.point(series, 100_000, 0, 2);
      writer.end("FINISHED", "", 5);
      read.drain(reader);
      assertThat(read.points.get(read.points.size() - 1).step()).isEqualTo(100_000);
      assertThat((long) read.points.size()).isEqualTo(writer.control().logged());
      assertThat(read.end).isEqualTo("FINISHED  5");
    }
  }

  @Test
  void anExhibitOfAMebibyteFitsThoughTheFirstSegmentIsSmaller() throws Exception {
    try (SpoolWriter writer = SpoolWriter.open(dir, SpoolWriter.DEFAULT_LIMIT);
        SpoolReader reader = SpoolReader.open(dir, 0)) {
      writer.point(writer.series("x"), 1, 0, 1);
      assertThat(writer.exhibit("big", 1, 2, json((1 << 20) - 3))).isTrue();
      assertThat(writer.exhibit("big", 2, 2, json((1 << 20) - 3))).isTrue();
      writer.point(writer.series("x"), 2, 0, 1);
      assertThatThrownBy(() -> writer.exhibit("big", 3, 2, json((1 << 20) - 2)))
          .hasMessageContaining("at most 1048576");
      assertThatThrownBy(() -> writer.exhibit("", 3, 2, json(1))).hasMessageContaining("name of 1 to");
      Recorded read = new Recorded();
      reader.poll(read, 1000);
      assertThat(read.kept).as("a reader does not hold more than it asked for, by much").hasSize(1);
      read.drain(reader);
      assertThat(read.kept).hasSize(2).allMatch(it -> it.hash() == Arrays.hashCode(json((1 << 20) - 3)));
      assertThat(read.points).hasSize(2);
      assertThat(writer.control().lost()).isZero();
    }
  }

  @Test
  void theVeryFirstRecordMayBeAsLarge() throws Exception {
    try (SpoolWriter writer = SpoolWriter.open(dir, SpoolWriter.DEFAULT_LIMIT);
        SpoolReader reader = SpoolReader.open(dir, 0)) {
      assertThat(writer.exhibit("big", 1, 2, json((1 << 20) - 3))).isTrue();
      writer.point(writer.series("x"), 2, 0, 1);
      Recorded read = new Recorded();
      read.drain(reader);
      assertThat(read.kept).hasSize(1);
      assertThat(read.points).hasSize(1);
      assertThat(writer.control().lost()).isZero();
    }
  }

  @Test
  void whatFindsNoRoomIsCountedAndDoesNotUseUpTheRoomOfThePoints() throws Exception {
    try (SpoolWriter writer = SpoolWriter.open(dir, 2 * SMALL, SMALL, SMALL);
        SpoolReader reader = SpoolReader.open(dir, 0)) {
      for (int i = 0; i < 10; i++) {
        assertThat(writer.exhibit("big", i, 0, json(100_000))).isFalse();
        writer.point(writer.series("x"), i, 0, i);
      }
      Recorded read = new Recorded().drain(reader);
      assertThat(Layout.segmentOf(reader.position())).as("still the first segment").isZero();
      assertThat(read.points).hasSize(10);
      assertThat(writer.control().lost()).isEqualTo(10);
      while (writer.keep(1, json(10_000))) {
        assertThat(writer.control().lost()).isEqualTo(10);
      }
      writer.lose();
      assertThat(writer.control().lost()).isEqualTo(12);
      writer.end("FINISHED", "", 5);
      assertThat(writer.exhibit("late", 1, 0, json(1))).isFalse();
      assertThat(read.drain(reader).kept.size()).isBetween(10, 13);
      assertThat(read.end).isEqualTo("FINISHED  5");
      assertThat(writer.control().lost()).isEqualTo(13);
    }
  }

  @Test
  void aWriterThatDiesAtAnyByteOfARecordLeavesNothingOfIt() throws Exception {
    byte[] whole;
    try (SpoolWriter writer = SpoolWriter.open(dir.resolve("whole"), SpoolWriter.DEFAULT_LIMIT, SMALL, SMALL)) {
      writer.exhibit("e", 1, 2, json(40));
      writer.keep(3, json(30));
      whole = Files.readAllBytes(Segment.file(dir.resolve("whole"), 0));
    }
    int keep = Layout.HEADER + Layout.recordBytes(Layout.EXHIBIT_PREFIX + 1 + 40);
    int end = keep + Layout.recordBytes(Layout.KEEP_PREFIX + 30);
    for (int record : new int[] {Layout.HEADER, keep}) {
      for (int byteOf = record; byteOf < end; byteOf++) {
        // The word is written last: until then it is 0, and of the body there is what was written.
        byte[] torn = whole.clone();
        Arrays.fill(torn, byteOf, torn.length, (byte) 0);
        Arrays.fill(torn, record, record + Layout.WORD, (byte) 0);
        Path spool = Files.createDirectories(dir.resolve(record + "-" + byteOf));
        Files.write(Segment.file(spool, 0), torn);
        try (SpoolReader reader = SpoolReader.open(spool, 0)) {
          Recorded read = new Recorded().drain(reader);
          assertThat(read.damages).isEmpty();
          assertThat(read.kept).hasSize(record == keep ? 1 : 0);
          Files.write(Segment.file(spool, 0), whole);
          assertThat(read.drain(reader).kept).as("went on").hasSize(2);
        }
      }
    }
  }

  @Test
  void recordsWhosePartsDoNotFitAreDamage() throws Exception {
    for (int kind : new int[] {Layout.EXHIBIT, Layout.KEEP}) {
      Path spool = Files.createDirectories(dir.resolve("k" + kind));
      Segment segment = Segment.create(spool, 0, SMALL);
      segment.bytes.putInt(64 + 24, 1000);
      segment.commit(64, Layout.word(kind == Layout.KEEP ? 7 : 30, kind, 0));
      segment.unmap();
      try (SpoolReader reader = SpoolReader.open(spool, 0)) {
        Recorded read = new Recorded().drain(reader);
        assertThat(read.damages).singleElement().asString().contains("kind " + kind + " does not hold together");
        assertThat(read.kept).isEmpty();
      }
    }
  }

  @Test
  void theEndIsReadEvenWhenTheSpoolIsFull() throws Exception {
    try (SpoolWriter writer = SpoolWriter.open(dir, SMALL, SMALL, SMALL);
        SpoolReader reader = SpoolReader.open(dir, 0)) {
      for (int i = 0; i < 20_000; i++) {
        writer.point(writer.series("x"), i, 0, i);
      }
      writer.end("FAILED", "x".repeat(5000), 5);
      Recorded read = new Recorded().drain(reader);
      assertThat(read.end).startsWith("FAILED xxx").hasSizeBetween(2000, 2100);
      assertThat(writer.control().lost() + read.points.size()).isEqualTo(20_000);
    }
  }

  @Test
  void withoutRoomForOneSegmentTheEndComesByTheControlPage() throws Exception {
    try (SpoolWriter writer = SpoolWriter.open(dir, 1000);
        SpoolReader reader = SpoolReader.open(dir, 0)) {
      writer.point(writer.series("x"), 1, 2, 3);
      assertThat(reader.poll(new Recorded(), 10)).isZero();
      assertThat(reader.atEnd()).isFalse();
      writer.end("FINISHED", "well", 5);
      assertThat(new Recorded().drain(reader).end).isEqualTo("FINISHED well 5");
      assertThat(reader.atEnd()).isTrue();
      assertThat(reader.control().lost()).isEqualTo(1);
    }
  }

  @Test
  void aFolderThatCannotBeWrittenCostsThePointsAndNotTheTraining() throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "not a folder");
    try (SpoolWriter writer = SpoolWriter.open(file.resolve("spool"), SpoolWriter.DEFAULT_LIMIT)) {
      writer.point(writer.series("x"), 1, 2, 3);
      writer.point(77, 1, 2, 3);
      writer.provenance("a", "b");
      writer.end("FINISHED", "", 5);
      assertThat(writer.control().lost()).isEqualTo(2);
    }
  }

  @Test
  void aSpoolIsWrittenOnce() throws Exception {
    try (SpoolWriter writer = SpoolWriter.open(dir, SpoolWriter.DEFAULT_LIMIT)) {
      writer.point(writer.series("x"), 1, 2, 3);
      assertThatThrownBy(() -> SpoolWriter.open(dir, SpoolWriter.DEFAULT_LIMIT)).hasMessageContaining("each attempt");
    }
  }

  @Test
  void damageIsToldOnceAndTheNextSegmentIsRead() throws Exception {
    writeTwoSegments();
    try (RandomAccessFile file = new RandomAccessFile(dir.resolve("00000000.seg").toFile(), "rw")) {
      file.seek(Layout.HEADER + 16 + 10 * 32);
      file.writeInt(-1);
    }
    try (SpoolReader reader = SpoolReader.open(dir, 0)) {
      Recorded read = new Recorded().drain(reader).drain(reader);
      assertThat(read.damages).singleElement().asString().contains("segment 0 ", "byte 400", "bytes");
      assertThat(read.points.get(9).step()).isEqualTo(9);
      assertThat(read.points.get(10).step()).as("the first of the next segment").isGreaterThan(1000);
      assertThat(read.end).isNotNull();
    }
  }

  @Test
  void aSegmentThatIsNoneIsToldAndSkipped() throws Exception {
    writeTwoSegments();
    Files.writeString(dir.resolve("00000000.seg"), "garbage");
    try (SpoolReader reader = SpoolReader.open(dir, 0)) {
      Recorded read = new Recorded().drain(reader);
      assertThat(read.damages).singleElement().asString().contains("does not start like a segment");
      assertThat(read.points).isNotEmpty();
      assertThat(read.end).isNotNull();
    }
  }

  @Test
  void bytesFlippedAnywhereNeverHangOrBreakTheReader() throws Exception {
    writeTwoSegments();
    byte[] good = Files.readAllBytes(dir.resolve("00000000.seg"));
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      byte[] bad = good.clone();
      for (int k = 0; k < 3; k++) {
        bad[random.nextInt(2000)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(dir.resolve("00000000.seg"), bad);
      try (SpoolReader reader = SpoolReader.open(dir, 0)) {
        Recorded read = new Recorded().drain(reader);
        assertThat(read.end).isNotNull();
        assertThat(read.damages.size()).isLessThanOrEqualTo(1);
      }
    }
  }

  @Test
  void aPositionInsideARecordIsToldAndNothingIsMadeUp() throws Exception {
    writeTwoSegments();
    try (SpoolReader reader = SpoolReader.open(dir, Layout.position(0, Layout.HEADER + 16 + 24))) {
      Recorded read = new Recorded().drain(reader);
      assertThat(read.damages).singleElement().asString().contains("not between two records");
      assertThat(read.points.get(0).step()).isGreaterThan(1000);
    }
  }

  @Test
  void aKindOfALaterVersionIsSkipped() throws Exception {
    Files.createDirectories(dir);
    Segment segment = Segment.create(dir, 0, SMALL);
    segment.commit(64, Layout.word(13, 200, 5));
    segment.bytes.put(64 + 24 + 8, (byte) 'x');
    segment.commit(64 + 24, Layout.word(1, Layout.SERIES, 3));
    segment.bytes.putLong(64 + 40 + 8, 42);
    segment.commit(64 + 40, Layout.word(24, Layout.POINT, 3));
    try (SpoolReader reader = SpoolReader.open(dir, 0)) {
      Recorded read = new Recorded().drain(reader);
      assertThat(read.damages).isEmpty();
      assertThat(read.points).containsExactly(new Recorded.Point("x", 42, 0, 0));
    }
    segment.unmap();
  }

  @Test
  void aWriterWhoseDiskFailedUnderASegmentIsFollowedToTheNext() throws Exception {
    Segment first = Segment.create(dir, 0, SMALL);
    first.bytes.put(72, (byte) 'x');
    first.commit(64, Layout.word(1, Layout.SERIES, 0));
    Segment second = Segment.create(dir, 1, SMALL);
    try (SpoolReader reader = SpoolReader.open(dir, 0)) {
      Recorded read = new Recorded().drain(reader);
      assertThat(Layout.segmentOf(reader.position())).as("prepared, but not used").isZero();
      second.bytes.put(72, (byte) 'y');
      second.commit(64, Layout.word(1, Layout.SERIES, 0));
      second.commit(80, Layout.word(24, Layout.POINT, 0));
      read.drain(reader);
      assertThat(read.points).containsExactly(new Recorded.Point("y", 0, 0, 0));
    }
  }

  @Test
  void aStopCanBeAskedForBeforeTheTrainingHasOpenedItsSpool() throws Exception {
    try (SpoolReader reader = SpoolReader.open(dir, 0)) {
      assertThat(reader.poll(new Recorded(), 5)).isZero();
      reader.control().requestStop();
      try (SpoolWriter writer = SpoolWriter.open(dir, SpoolWriter.DEFAULT_LIMIT)) {
        assertThat(writer.stopRequested()).isTrue();
        writer.progress(3, 10, 1, 2);
        writer.step(4);
        Control seen = reader.control();
        assertThat(seen.progress()).isEqualTo(new Control.Progress(4, 10, 1, 2));
        assertThat(seen.heartbeat()).isPositive();
        assertThat(Pids.alive(seen.pid(), seen.pidStart())).isTrue();
        assertThat(Pids.alive(seen.pid(), seen.pidStart() + 1)).isFalse();
        assertThat(Pids.alive(0, 0)).isFalse();
      }
    }
  }

  @Test
  void acknowledgedSegmentsAreDeletedAndTheOneInUseIsKept() throws Exception {
    writeTwoSegments();
    try (SpoolReader reader = SpoolReader.open(dir, 0)) {
      new Recorded().drain(reader);
      reader.deleteBefore(reader.position());
      try (Stream<Path> files = Files.list(dir)) {
        assertThat(files.map(it -> it.getFileName().toString())).contains("00000001.seg").doesNotContain("00000000.seg");
      }
    }
  }

  private static byte[] json(int bytes) {
    byte[] json = new byte[bytes];
    new Random(bytes).nextBytes(json);
    return json;
  }

  /** One point for each step from 0, until the second segment has some, and an end. */
  private void writeTwoSegments() {
    try (SpoolWriter writer = SpoolWriter.open(dir, SpoolWriter.DEFAULT_LIMIT, SMALL, SMALL)) {
      for (int i = 0; i < 2500; i++) {
        writer.point(writer.series("x"), i, 0, i);
      }
      writer.end("FINISHED", "", 1);
    }
  }
}
