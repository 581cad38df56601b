package io.trainyard.store.chunk;

/** Sorts points by step, then time, then place (which is arrival). Stateless. */
final class Ordering {
  private Ordering() {}

  /**
   * A merge sort over the runs that are already in order: late points come in few runs, so this is nearly one merge.
   */
  static Points sort(long[] steps, long[] times, double[] values, int count) {
    int[] order = new int[count];
    int[] runs = new int[count + 1];
    int runCount = 0;
    for (int i = 0; i < count; i++) {
      order[i] = i;
      if (i == 0 || before(steps, times, i, i - 1)) {
        runs[runCount++] = i;
      }
    }
    runs[runCount] = count;
    int[] spare = new int[count];
    while (runCount > 1) {
      int merged = 0;
      for (int r = 0; r < runCount; r += 2) {
        int start = runs[r];
        int middle = runs[Math.min(r + 1, runCount)];
        int end = runs[Math.min(r + 2, runCount)];
        merge(steps, times, order, start, middle, end, spare);
        runs[merged++] = start;
      }
      runs[merged] = count;
      runCount = merged;
      int[] swap = order;
      order = spare;
      spare = swap;
    }
    long[] sortedSteps = new long[count];
    long[] sortedTimes = new long[count];
    double[] sortedValues = new double[count];
    for (int i = 0; i < count; i++) {
      sortedSteps[i] = steps[order[i]];
      sortedTimes[i] = times[order[i]];
      sortedValues[i] = values[order[i]];
    }
    return new Points(sortedSteps, sortedTimes, sortedValues, count);
  }

  private static void merge(long[] steps, long[] times, int[] from, int start, int middle, int end, int[] into) {
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
      if (left < middle && (right >= end || !before(steps, times, from[right], from[left]))) {
        into[i] = from[left++];
      } else {
        into[i] = from[right++];
      }
    }
  }

  private static boolean before(long[] steps, long[] times, int a, int b) {
    return steps[a] < steps[b] || (steps[a] == steps[b] && times[a] < times[b]);
  }
}
