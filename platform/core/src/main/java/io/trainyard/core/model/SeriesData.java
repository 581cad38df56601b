package io.trainyard.core.model;

/**
 * The answer to a question for points: all of them, or exact buckets of them. Ordered by step, then time, then arrival.
 */
public sealed interface SeriesData {
  String name();

  /** Points in the range asked for. */
  long count();

  /** Every point of the range. */
  record Raw(String name, long[] steps, long[] times, double[] values) implements SeriesData {
    @Override
    public long count() {
      return steps.length;
    }
  }

  /**
   * One element an array for each bucket. Every number is exact for the points with {@code firstStep <= step <=
   * lastStep}; buckets do not overlap, leave no point of the range out, and together hold {@code count} points. min,
   * max and mean are over finite values, NaN when a bucket has none.
   */
  record Buckets(
      String name,
      long count,
      long[] firstStep,
      long[] lastStep,
      long[] firstTime,
      long[] lastTime,
      long[] counts,
      double[] min,
      double[] max,
      double[] mean,
      double[] first,
      double[] last,
      long[] nan,
      long[] posInf,
      long[] negInf)
      implements SeriesData {}
}
