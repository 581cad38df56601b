package io.trainyard.toolkit;

/** Derives independent seeds from the one of a run, by purpose; pure. */
public final class Seeds {
  private Seeds() {}

  /** The same for the same arguments, for ever: recorded runs are trained again by it. */
  public static long of(long seed, String purpose, long number) {
    return mix(mix(seed + purpose.hashCode() * 0x9E3779B97F4A7C15L) + number * 0xD1B54A32D192ED03L);
  }

  /** SplitMix64's finalizer: flips half of the bits for each bit of the input. */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
