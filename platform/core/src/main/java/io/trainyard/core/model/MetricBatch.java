package io.trainyard.core.model;

import java.util.List;

/**
 * Points of one attempt, as they travel and as they are stored: all of it or nothing.
 *
 * <p>{@code seq} and {@code nextSeq} are positions in the attempt's spool: the batch holds what lies between them. The
 * store accepts a batch that starts where the last one ended, drops one that it has, and refuses one that leaves a gap;
 * so sending again is always safe. A batch that has no spool behind it (a client's over HTTP) has {@link #UNSEQUENCED}
 * for both.
 *
 * @param run its id
 * @param attempt its number
 * @param fence the attempt's; a stale one is refused
 * @param columns one a series; a series may come twice
 */
public record MetricBatch(String run, int attempt, long fence, long seq, long nextSeq, List<Column> columns) {
  public static final long UNSEQUENCED = -1;

  public MetricBatch {
    columns = List.copyOf(columns);
  }

  /** How many points. */
  public int points() {
    int sum = 0;
    for (Column column : columns) {
      sum += column.steps().length;
    }
    return sum;
  }

  /**
   * Points of one series in the order they were logged. The arrays have one length, and nobody writes to them any more.
   *
   * @param series the metric's name
   * @param times milliseconds since 1970
   * @param values any double; NaN and infinities are values
   */
  public record Column(String series, long[] steps, long[] times, double[] values) {
    public Column {
      if (steps.length != times.length || steps.length != values.length) {
        throw new IllegalArgumentException(
            "column " + series + ": " + steps.length + " steps, " + times.length + " times, " + values.length
                + " values");
      }
    }
  }
}
