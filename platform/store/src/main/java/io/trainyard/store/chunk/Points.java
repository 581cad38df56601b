package io.trainyard.store.chunk;

/**
 * Points of one series, ordered by step, then time, then arrival. Nobody writes to the arrays any more; any thread
 * reads. The arrays may be longer than {@code count}.
 */
public record Points(long[] steps, long[] times, double[] values, int count) {
  /**
   * Orders points that are given as they arrived; shares the arrays when they are in order already, as they nearly
   * always are.
   */
  public static Points ordered(long[] steps, long[] times, double[] values, int count) {
    return isOrdered(steps, times, count)
        ? new Points(steps, times, values, count)
        : Ordering.sort(steps, times, values, count);
  }

  private static boolean isOrdered(long[] steps, long[] times, int count) {
    for (int i = 1; i < count; i++) {
      if (steps[i] < steps[i - 1] || (steps[i] == steps[i - 1] && times[i] < times[i - 1])) {
        return false;
      }
    }
    return true;
  }

  /** Index of the first point at or after this step. */
  int lowerBound(long step) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (steps[middle] < step) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Index behind the last point at or before this step. */
  int upperBound(long step) {
    return step == Long.MAX_VALUE ? count : lowerBound(step + 1);
  }
}
