package io.trainyard.store.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.core.model.SeriesData;
import io.trainyard.core.model.SeriesSummary;
import io.trainyard.store.chunk.Samples.Point;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Questions against an oracle that keeps every point in a list. */
class ChunkQueryTest {
  private static final SeriesKey KEY = new SeriesKey("0123456789abcdef0123456789abcdef", 1, "train/loss");

  /** One attempt: what is in chunks, what is in heads, and all of it. */
  private static final class Attempt {
    final List<ChunkRef> chunks = new ArrayList<>();
    final List<Points> heads = new ArrayList<>();
    final List<Point> all = new ArrayList<>();
    long sealedTo = Long.MIN_VALUE;

    SeriesPart part(long from, long to) {
      return new SeriesPart(KEY, List.copyOf(chunks), List.copyOf(heads), from, to);
    }
  }

  @Test
  void everyAnswerIsWhatTheOracleSays() throws IOException {
    for (int seed = 0; seed < 160; seed++) {
      Random random = new Random(seed);
      MemoryDisk disk = new MemoryDisk();
      ChunkFiles.Options small = new ChunkFiles.Options(1 << 18, 1 << 18, ChunkFiles.Position.NONE);
      try (ChunkFiles files = ChunkFiles.open(disk, small)) {
        int size = switch (seed % 5) {
          case 0 -> 50;
          case 1, 2 -> 3000;
          case 3 -> 12_000;
          default -> 40_000;
        };
        Attempt attempt = attempt(random, files, size);
        check(random, files, List.of(attempt.part(Long.MIN_VALUE, Long.MAX_VALUE)), attempt.all, seed, 25);

        merge(random, files, attempt);
        check(random, files, List.of(attempt.part(Long.MIN_VALUE, Long.MAX_VALUE)), attempt.all, seed, 25);
      }
    }
  }

  @Test
  void ofSeveralAttemptsEachIsSeenWhereItIsTheLatest() throws IOException {
    for (int seed = 1000; seed < 1060; seed++) {
      Random random = new Random(seed);
      MemoryDisk disk = new MemoryDisk();
      try (ChunkFiles files = ChunkFiles.open(disk, ChunkFiles.Options.DEFAULT)) {
        List<SeriesPart> parts = new ArrayList<>();
        List<Point> visible = new ArrayList<>();
        long from = Long.MIN_VALUE;
        for (int a = 0; a < 3; a++) {
          Attempt attempt = attempt(random, files, 1 + random.nextInt(15_000));
          long to = a == 2 ? Long.MAX_VALUE : Math.max(from, (a + 1) * 3000L + random.nextInt(2000));
          parts.add(attempt.part(from, to));
          long first = from;
          attempt.all.stream().filter(p -> p.step() >= first && p.step() <= to).forEach(visible::add);
          if (to == Long.MAX_VALUE) {
            break;
          }
          from = to + 1;
        }
        visible.sort((x, y) -> Long.compare(x.step(), y.step()));
        check(random, files, parts, visible, seed, 40);
      }
    }
  }

  @Test
  void aMergeDoesNotOvertakeWhatOnlyTouchesIt() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    try (ChunkFiles files = ChunkFiles.open(disk, ChunkFiles.Options.DEFAULT)) {
      // Step 10 at time 7 arrives twice, in two chunks; then points come that are late for the first chunk only.
      List<ChunkRef> chunks = new ArrayList<>();
      long[] times = {7, 7};
      Points first = new Points(new long[] {0, 10}, times, new double[] {1, 2}, 2);
      Points second = new Points(new long[] {10, 20}, times, new double[] {3, 4}, 2);
      Points late = new Points(new long[] {5}, times, new double[] {5}, 1);
      chunks.addAll(files.append(KEY, 1, Long.MIN_VALUE, first));
      chunks.addAll(files.append(KEY, 2, 10, second));
      chunks.addAll(files.append(KEY, 3, 20, late));
      for (List<ChunkRef> group : ChunkMerger.plan(chunks, 0)) {
        Move move = new ChunkMerger(files).merge(KEY, group);
        chunks.removeAll(move.gone());
        chunks.addAll(move.fresh());
      }
      files.sync();
      SeriesPart part = new SeriesPart(KEY, chunks, List.of(), Long.MIN_VALUE, Long.MAX_VALUE);
      SeriesData all = new SeriesReader(files).query("x", List.of(part), 0, 20, 9);
      assertThat(((SeriesData.Raw) all).values()).containsExactly(1, 5, 2, 3, 4);
    }
  }

  @Test
  void extremesOfTheStepRangeAreSteps() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    try (ChunkFiles files = ChunkFiles.open(disk, ChunkFiles.Options.DEFAULT)) {
      Points points =
          new Points(new long[] {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE}, new long[4], new double[] {1, 2, 3, 4}, 4);
      List<ChunkRef> chunks = files.append(KEY, 1, Long.MIN_VALUE, points);
      files.sync();
      SeriesPart part = new SeriesPart(KEY, chunks, List.of(), Long.MIN_VALUE, Long.MAX_VALUE);
      SeriesReader reader = new SeriesReader(files);
      SeriesData all = reader.query("x", List.of(part), Long.MIN_VALUE, Long.MAX_VALUE, 4);
      assertThat(((SeriesData.Raw) all).values()).containsExactly(1, 2, 3, 4);
      SeriesData top = reader.query("x", List.of(part), Long.MAX_VALUE, Long.MAX_VALUE, 4);
      assertThat(((SeriesData.Raw) top).values()).containsExactly(4);
      SeriesData two = reader.query("x", List.of(part), Long.MIN_VALUE, Long.MAX_VALUE, 2);
      assertThat(((SeriesData.Buckets) two).counts()).containsExactly(2, 2);
    }
  }

  @Test
  void aMeanOfHugeValuesIsNotInfinite() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    try (ChunkFiles files = ChunkFiles.open(disk, ChunkFiles.Options.DEFAULT)) {
      double[] values = new double[6000];
      long[] steps = new long[values.length];
      for (int i = 0; i < values.length; i++) {
        steps[i] = i;
        values[i] = i % 2 == 0 ? Double.MAX_VALUE : 1;
      }
      List<ChunkRef> chunks = files.append(KEY, 1, Long.MIN_VALUE, new Points(steps, steps, values, values.length));
      files.sync();
      SeriesPart part = new SeriesPart(KEY, chunks, List.of(), Long.MIN_VALUE, Long.MAX_VALUE);
      SeriesData.Buckets buckets =
          (SeriesData.Buckets) new SeriesReader(files).query("x", List.of(part), 0, Long.MAX_VALUE, 3);
      double[] halves = DoubleStream.of(buckets.mean()).map(mean -> mean / (Double.MAX_VALUE / 2)).toArray();
      assertThat(halves).containsExactly(new double[] {1, 1, 1}, within(0.01));
    }
  }

  @Test
  void aLongRegularSeriesGetsAsManyBucketsAsWereAskedFor() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    try (ChunkFiles files = ChunkFiles.open(disk, ChunkFiles.Options.DEFAULT)) {
      List<ChunkRef> chunks = files.append(KEY, 1, Long.MIN_VALUE, Samples.losses(new Random(3), 0, 400_000));
      files.sync();
      SeriesPart part = new SeriesPart(KEY, chunks, List.of(), Long.MIN_VALUE, Long.MAX_VALUE);
      SeriesReader reader = new SeriesReader(files);
      for (long to : new long[] {399_999, 150_000, 50_000, 12_345, 2_000}) {
        SeriesData.Buckets buckets = (SeriesData.Buckets) reader.query("x", List.of(part), 777, to, 1000);
        assertThat(buckets.counts().length).as("to %d", to).isBetween(950, 1000);
      }
    }
  }

  @Test
  void latePointsInAHoleGetBucketsOfTheirOwn() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    try (ChunkFiles files = ChunkFiles.open(disk, ChunkFiles.Options.DEFAULT)) {
      // One chunk with a hole of 90,000 steps, and a lighter one in the hole.
      List<Point> wide = new ArrayList<>();
      List<Point> hole = new ArrayList<>();
      for (int i = 0; i < 8000; i++) {
        wide.add(new Point(i < 4000 ? i : 90_000 + i, i, i, i));
        if (i < 6000) {
          hole.add(new Point(5000 + 10L * i, i, i, i));
        }
      }
      List<ChunkRef> chunks = new ArrayList<>(files.append(KEY, 1, Long.MIN_VALUE, Samples.ordered(wide)));
      chunks.addAll(files.append(KEY, 2, 98_000, Samples.ordered(hole)));
      files.sync();
      SeriesPart part = new SeriesPart(KEY, chunks, List.of(), Long.MIN_VALUE, Long.MAX_VALUE);
      SeriesData.Buckets buckets =
          (SeriesData.Buckets) new SeriesReader(files).query("x", List.of(part), 0, 98_000, 100);
      assertThat(buckets.counts().length).isGreaterThan(90);
      assertThat(LongStream.of(buckets.counts()).max().getAsLong()).isLessThan(4 * 140);
    }
  }

  /** Some points in order, some late, some twice; sealed now and then. */
  private static Attempt attempt(Random random, ChunkFiles files, int size) throws IOException {
    Attempt attempt = new Attempt();
    int valueKind = random.nextInt(Samples.VALUE_KINDS);
    double late = random.nextInt(3) == 0 ? 0.1 * random.nextInt(4) : 0;
    int perStep = 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 2);
    boolean still = random.nextInt(12) == 0;
    // Sometimes many points share step and time, so that only arrival orders them.
    int perTime = random.nextInt(4) == 0 ? 200 : 3;
    boolean mergesBetween = random.nextBoolean();
    int seal = 1 + random.nextInt(size);
    List<Point> head = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      long step = still ? 0 : i / perStep;
      if (random.nextDouble() < late) {
        step = random.nextInt(1 + i / perStep);
      }
      long time = 1000 + i / perTime - (random.nextInt(20) == 0 ? 50 : 0);
      Point point = new Point(step, time, Samples.value(random, valueKind), i);
      head.add(point);
      attempt.all.add(point);
      if (head.size() >= seal) {
        attempt.chunks.addAll(files.append(KEY, i, attempt.sealedTo, Samples.ordered(head)));
        files.sync();
        attempt.sealedTo = attempt.chunks.stream().mapToLong(c -> c.summary().lastStep()).max().getAsLong();
        head.clear();
        if (mergesBetween && random.nextInt(4) == 0) {
          merge(random, files, attempt);
        }
        seal = 1 + random.nextInt(1 + size / (1 + random.nextInt(8)));
      }
    }
    int cut = head.isEmpty() ? 0 : random.nextInt(head.size());
    attempt.heads.add(Samples.ordered(head.subList(0, cut)));
    attempt.heads.add(Samples.ordered(head.subList(cut, head.size())));
    attempt.all.sort(Samples.ORDER);
    return attempt;
  }

  private static void merge(Random random, ChunkFiles files, Attempt attempt) throws IOException {
    ChunkMerger merger = new ChunkMerger(files);
    List<Move> moves = new ArrayList<>();
    for (List<ChunkRef> group : ChunkMerger.plan(attempt.chunks, random.nextBoolean() ? 0 : 0.02)) {
      moves.add(merger.merge(KEY, group));
    }
    files.sync();
    for (Move move : moves) {
      attempt.chunks.removeAll(move.gone());
      attempt.chunks.addAll(move.fresh());
    }
  }

  private static void check(
      Random random, ChunkFiles files, List<SeriesPart> parts, List<Point> all, int seed, int questions)
      throws IOException {
    SeriesReader reader = new SeriesReader(files);
    checkSummary(reader.summary("x", parts), all, seed);
    long lowest = all.isEmpty() ? 0 : all.get(0).step();
    long highest = all.isEmpty() ? 0 : all.get(all.size() - 1).step();
    for (int q = 0; q < questions; q++) {
      long a = lowest - 3 + (long) (random.nextDouble() * (highest - lowest + 6));
      long b = lowest - 3 + (long) (random.nextDouble() * (highest - lowest + 6));
      long from = q == 0 ? Long.MIN_VALUE : Math.min(a, b);
      long to = q == 0 ? Long.MAX_VALUE : Math.max(a, b);
      List<Point> expected = all.stream().filter(p -> p.step() >= from && p.step() <= to).toList();
      int max = 1 + random.nextInt(random.nextBoolean() ? 20 : 3000);
      String what = "seed " + seed + ", " + from + " to " + to + ", max " + max;
      SeriesData told = reader.query("x", parts, from, to, max);
      assertThat(told.count()).as(what).isEqualTo(expected.size());
      if (told instanceof SeriesData.Buckets buckets) {
        assertThat(expected.size()).as(what).isGreaterThan(max);
        checkBuckets(buckets, expected, max, what);
      } else {
        checkRaw((SeriesData.Raw) told, expected, what);
      }
      if (q < 2) {
        List<Point> each = new ArrayList<>();
        reader.forEach(parts, from, to, (step, time, value) -> each.add(new Point(step, time, value, each.size())));
        assertThat(each).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < each.size(); i++) {
          assertSame(each.get(i), expected.get(i), what);
        }
      }
    }
  }

  private static void checkRaw(SeriesData.Raw raw, List<Point> expected, String what) {
    assertThat(raw.steps().length).as(what).isEqualTo(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      assertSame(new Point(raw.steps()[i], raw.times()[i], raw.values()[i], i), expected.get(i), what);
    }
  }

  private static void assertSame(Point told, Point expected, String what) {
    boolean same =
        told.step() == expected.step()
            && told.time() == expected.time()
            && Double.doubleToRawLongBits(told.value()) == Double.doubleToRawLongBits(expected.value());
    assertThat(same).as("%s: %s instead of %s", what, told, expected).isTrue();
  }

  private static void checkBuckets(SeriesData.Buckets told, List<Point> expected, int max, String what) {
    int n = told.counts().length;
    assertThat(n).as(what).isBetween(1, max);
    int at = 0;
    for (int b = 0; b < n; b++) {
      String where = what + ", bucket " + b;
      int end = at + (int) told.counts()[b];
      assertThat(end).as(where).isBetween(at + 1, expected.size());
      Point first = expected.get(at);
      Point last = expected.get(end - 1);
      assertThat(told.firstStep()[b]).as(where).isEqualTo(first.step());
      assertThat(told.lastStep()[b]).as(where).isEqualTo(last.step());
      assertThat(told.firstTime()[b]).as(where).isEqualTo(first.time());
      assertThat(told.lastTime()[b]).as(where).isEqualTo(last.time());
      assertBits(told.first()[b], first.value(), where);
      assertBits(told.last()[b], last.value(), where);
      assertThat(end == expected.size() || expected.get(end).step() > last.step()).as(where).isTrue();
      Oracle oracle = new Oracle(expected.subList(at, end));
      assertBits(told.min()[b], oracle.min, where);
      assertBits(told.max()[b], oracle.max, where);
      assertThat(told.nan()[b]).as(where).isEqualTo(oracle.nan);
      assertThat(told.posInf()[b]).as(where).isEqualTo(oracle.posInf);
      assertThat(told.negInf()[b]).as(where).isEqualTo(oracle.negInf);
      oracle.checkMean(told.mean()[b], where);
      at = end;
    }
    assertThat(at).as(what).isEqualTo(expected.size());
  }

  private static void checkSummary(SeriesSummary told, List<Point> all, int seed) {
    String what = "seed " + seed;
    if (all.isEmpty()) {
      assertThat(told).as(what).isNull();
      return;
    }
    Oracle oracle = new Oracle(all);
    Point last = all.get(all.size() - 1);
    assertThat(told.count()).as(what).isEqualTo(all.size());
    assertThat(told.nan()).as(what).isEqualTo(oracle.nan);
    assertThat(told.posInf()).as(what).isEqualTo(oracle.posInf);
    assertThat(told.negInf()).as(what).isEqualTo(oracle.negInf);
    assertThat(told.firstStep()).as(what).isEqualTo(all.get(0).step());
    assertThat(told.lastStep()).as(what).isEqualTo(last.step());
    assertThat(told.lastTime()).as(what).isEqualTo(last.time());
    assertBits(told.last(), last.value(), what);
    assertBits(told.min(), oracle.min, what);
    assertBits(told.max(), oracle.max, what);
  }

  private static void assertBits(double told, double expected, String what) {
    assertThat(Double.doubleToRawLongBits(told))
        .as("%s: %s instead of %s", what, told, expected)
        .isEqualTo(Double.doubleToRawLongBits(expected));
  }

  private static final class Oracle {
    double min = Double.NaN;
    double max = Double.NaN;
    long nan;
    long posInf;
    long negInf;
    private long finite;
    private final List<Double> values = new ArrayList<>();

    Oracle(List<Point> points) {
      for (Point point : points) {
        double v = point.value();
        if (Double.isNaN(v)) {
          nan++;
        } else if (v == Double.POSITIVE_INFINITY) {
          posInf++;
        } else if (v == Double.NEGATIVE_INFINITY) {
          negInf++;
        } else {
          min = finite == 0 ? v : Math.min(min, v);
          max = finite == 0 ? v : Math.max(max, v);
          finite++;
          values.add(v);
        }
      }
    }

    void checkMean(double told, String what) {
      if (finite == 0) {
        assertThat(told).as(what).isNaN();
        return;
      }
      double scale = 0;
      double plain = 0;
      for (double v : values) {
        plain += v / finite;
        scale += Math.abs(v) / finite;
      }
      assertThat(told).as(what).isFinite().isCloseTo(plain, within(scale * 1e-9 + Double.MIN_NORMAL));
    }
  }
}
