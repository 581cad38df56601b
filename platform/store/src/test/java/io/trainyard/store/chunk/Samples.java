package io.trainyard.store.chunk;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Points to test with: every kind that a training can log, and some that none would. */
final class Samples {
  record Point(long step, long time, double value, long arrival) {}

  static final Comparator<Point> ORDER =
      Comparator.comparingLong(Point::step).thenComparingLong(Point::time).thenComparingLong(Point::arrival);

  private static final double[] ODD = {
    Double.NaN,
    Double.longBitsToDouble(0xfff8000000000000L),
    Double.longBitsToDouble(0x7ff0000000000001L),
    Double.longBitsToDouble(0x7ff4000020000000L),
    Double.longBitsToDouble(0xffffffffffffffffL),
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    0.0,
    -0.0,
    Double.MIN_VALUE,
    -Double.MAX_VALUE,
    Double.MAX_VALUE,
    Float.MIN_VALUE,
    Float.MAX_VALUE,
    Long.MAX_VALUE,
    1e300
  };

  private Samples() {}

  static double value(Random random, int kind) {
    return switch (kind) {
      case 0 -> (float) Math.abs(random.nextGaussian());
      case 1 -> random.nextGaussian();
      case 2 -> random.nextInt(100);
      case 3 -> ODD[random.nextInt(ODD.length)];
      case 4 -> Double.longBitsToDouble(random.nextLong());
      case 5 -> 0.25;
      case 6 -> Columns.widen(random.nextInt());
      default -> random.nextInt(50) == 0 ? ODD[random.nextInt(ODD.length)] : (float) random.nextGaussian();
    };
  }

  static final int VALUE_KINDS = 8;

  static long[] longs(Random random, int count, int kind) {
    long[] column = new long[count];
    long value = random.nextInt(5) == 0 ? random.nextLong() : random.nextInt(1000);
    for (int i = 0; i < count; i++) {
      column[i] =
          switch (kind) {
            case 0 -> value + i;
            case 1 -> value + 10L * i;
            case 2 -> value;
            case 3 -> random.nextLong();
            case 4 -> random.nextBoolean() ? Long.MIN_VALUE : Long.MAX_VALUE;
            default -> value += random.nextInt(1000) == 0 ? 3_600_000 : random.nextInt(4);
          };
    }
    return column;
  }

  static final int LONG_KINDS = 6;

  /** As they arrived. */
  static Points ordered(List<Point> points) {
    int n = points.size();
    long[] steps = new long[n];
    long[] times = new long[n];
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      steps[i] = points.get(i).step();
      times[i] = points.get(i).time();
      values[i] = points.get(i).value();
    }
    return Points.ordered(steps, times, values, n);
  }

  /** Steps 0, 1, 2 ... with float losses: what trainings log. */
  static Points losses(Random random, long fromStep, int count) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      points.add(new Point(fromStep + i, 1_700_000_000_000L + 3 * (fromStep + i), value(random, 0), i));
    }
    return ordered(points);
  }
}
