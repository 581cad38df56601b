package io.trainyard.tests.crash.plugin;

/**
 * The points that a {@link KnownTask} logs: each a function of the run's seed, the series and its index, so that a checker can tell
 * what must be in the store from how many were logged. Pure; used by the runner and by the checker.
 */
public enum Known {
  /** Like a loss: one point a step. */
  ORDERED("known/ordered"),
  /** Any finite double, steps out of order within 64, some of them negative. */
  SHUFFLED("known/shuffled"),
  /** Each step three times, and now and then one from far back. */
  REPEATED("known/repeated"),
  /** NaN, both infinities, both zeros, the largest and the smallest doubles. */
  SPECIAL("known/special"),
  /** Floats, logged by the block. */
  BLOCKS("known/blocks");

  private static final double[] ODD = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0.0, Double.MIN_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE
  };

  private final String series;

  Known(String series) {
    this.series = series;
  }

  public String series() {
    return series;
  }

  /** The step of the point with this index, counted from 0. */
  public long step(long index) {
    return switch (this) {
      case ORDERED, BLOCKS -> index + 1;
      case SHUFFLED -> (index & ~63 | index * 37 + 11 & 63) - 500;
      case REPEATED -> index % 100 == 99 ? index / 3 - 40 : index / 3;
      case SPECIAL -> index * 5;
    };
  }

  /** The value of the point with this index. Only operations that give the same bits on every JVM. */
  public double value(long seed, long index) {
    long random = mix(seed + ordinal() * 0x9E3779B97F4A7C15L + index * 0xD1B54A32D192ED03L);
    double share = (random >>> 11) * 0x1p-53;
    return switch (this) {
      case ORDERED -> 5.0 / (1.0 + index / 500.0) + share * 0.1;
      case SHUFFLED -> finite(random);
      case REPEATED, BLOCKS -> (float) (share * 8 - 4);
      case SPECIAL -> index % 3 == 0 ? ODD[(int) (random >>> 32) & 7] : share;
    };
  }

  /** Any bits but those of NaN and infinities: an exponent of all ones loses one of them. */
  private static double finite(long bits) {
    double any = Double.longBitsToDouble(bits);
    return Double.isFinite(any) ? any : Double.longBitsToDouble(bits & ~(1L << 53));
  }

  /** The finalizer of SplitMix64. */
  private static long mix(long z) {
    long a = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ a >>> 27) * 0x94D049BB133111EBL;
    return b ^ b >>> 31;
  }
}
