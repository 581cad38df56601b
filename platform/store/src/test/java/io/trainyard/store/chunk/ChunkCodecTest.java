package io.trainyard.store.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkCodecTest {
  @Test
  void everyBitOfEveryColumnComesBack() {
    try (Columns columns = new Columns()) {
      for (int seed = 0; seed < 1500; seed++) {
        Random random = new Random(seed);
        int count = 1 + random.nextInt(seed % 10 == 0 ? 3000 : 300);
        long[] steps = Samples.longs(random, count, random.nextInt(Samples.LONG_KINDS));
        long[] times = Samples.longs(random, count, random.nextInt(Samples.LONG_KINDS));
        double[] values = new double[count];
        int kind = random.nextInt(Samples.VALUE_KINDS);
        for (int i = 0; i < count; i++) {
          values[i] = Samples.value(random, kind);
        }
        Points points = Points.ordered(steps, times, values, count);

        SeriesChunk chunk = SeriesChunk.encode(points, 0, count, columns);
        Points decoded = SeriesChunk.decode(ByteBuffer.wrap(chunk.payload()), count, columns);

        assertThat(decoded.steps()).as("seed %d", seed).isEqualTo(Arrays.copyOf(points.steps(), count));
        assertThat(decoded.times()).as("seed %d", seed).isEqualTo(Arrays.copyOf(points.times(), count));
        assertThat(bits(decoded.values())).as("seed %d", seed).isEqualTo(bits(points.values()));
      }
    }
  }

  @Test
  void everyFloatPatternIsNarrowedAndWidenedWithoutLoss() {
    Random random = new Random(7);
    for (int i = 0; i < 2_000_000; i++) {
      int bits = i < 1 << 20 ? i << 12 | random.nextInt(1 << 12) : random.nextInt();
      double wide = Columns.widen(bits);
      assertThat(Columns.isFloat(wide) && Columns.narrow(wide) == bits).as("%08x", bits).isTrue();
    }
    assertThat(Columns.isFloat(0.1)).isFalse();
    assertThat(Columns.isFloat(Double.longBitsToDouble(0x7ff0000000000001L))).isFalse();
    assertThat(Columns.isFloat(Double.MIN_VALUE)).isFalse();
  }

  @Test
  void levelsSayWhatTheirPointsSay() {
    try (Columns columns = new Columns()) {
      for (int seed = 0; seed < 300; seed++) {
        Random random = new Random(seed);
        int count = 1 + random.nextInt(3000);
        double[] values = new double[count];
        int kind = random.nextInt(Samples.VALUE_KINDS);
        for (int i = 0; i < count; i++) {
          values[i] = Samples.value(random, kind);
        }
        Points points =
            Points.ordered(
                Samples.longs(random, count, random.nextInt(Samples.LONG_KINDS)),
                Samples.longs(random, count, random.nextInt(Samples.LONG_KINDS)),
                values,
                count);
        SeriesChunk chunk = SeriesChunk.encode(points, 0, count, columns);
        Levels levels = Levels.decode(ByteBuffer.wrap(chunk.levels()));
        int start = 0;
        for (int g = 0; g < levels.granules; g++) {
          Stats expected = new Stats();
          expected.add(points, start, start + levels.count[g], 0);
          Stats told = new Stats();
          told.add(levels, g, 0);
          assertSame(told.toSummary(), expected.toSummary(), seed);
          start += levels.count[g];
        }
        assertThat(start).isEqualTo(count);
        assertThat(chunk.summary().count()).isEqualTo(count);
      }
    }
  }

  @Test
  void aRegularFloatSeriesCostsLittleMoreThanItsNoise() {
    try (Columns columns = new Columns()) {
      Points points = Samples.losses(new Random(1), 0, Cuts.CHUNK);
      SeriesChunk chunk = SeriesChunk.encode(points, 0, points.count(), columns);
      // 23 random bits of mantissa and some of the exponent; steps and times are arithmetic.
      assertThat((chunk.payload().length + chunk.levels().length) / (double) points.count()).isLessThan(3.5);
    }
  }

  @Test
  void lateArrivalsAreSortedByStepThenTimeThenArrival() {
    Points points =
        Points.ordered(
            new long[] {5, 6, 1, 5, 5, 1}, new long[] {9, 9, 9, 8, 9, 9}, new double[] {1, 2, 3, 4, 5, 6}, 6);
    assertThat(points.steps()).containsExactly(1, 1, 5, 5, 5, 6);
    assertThat(points.values()).containsExactly(3, 6, 4, 1, 5, 2);
  }

  static void assertSame(ChunkSummary told, ChunkSummary expected, int seed) {
    assertThat(ChunkRefs.bytes(told))
        .as("seed %d: %s but %s", seed, told, expected)
        .isEqualTo(ChunkRefs.bytes(expected));
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  private static final class ChunkRefs {
    static byte[] bytes(ChunkSummary summary) {
      return new ChunkRef(1, 2, 3, 4, 5, summary).toBytes();
    }
  }
}
