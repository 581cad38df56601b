package io.trainyard.store.state;

import io.trainyard.store.chunk.Points;
import org.jspecify.annotations.Nullable;

/** Points of a series that wait for the sealer, as they arrived. Nobody writes to them any more. */
public final class FrozenHead {
  private final SeriesState series;
  private final long sequence;
  private final long[] steps;
  private final long[] times;
  private final double[] values;
  private final int count;
  private volatile @Nullable Points points;

  FrozenHead(SeriesState series, long sequence, long[] steps, long[] times, double[] values, int count) {
    this.series = series;
    this.sequence = sequence;
    this.steps = steps;
    this.times = times;
    this.values = values;
    this.count = count;
  }

  public SeriesState series() {
    return series;
  }

  /** The highest journal sequence among its points: with these sealed, the series needs no record up to here. */
  public long sequence() {
    return sequence;
  }

  public int count() {
    return count;
  }

  /** In order. Sorted by whoever asks first, so that the writer thread never sorts. */
  public Points points() {
    Points ordered = points;
    if (ordered == null) {
      ordered = Points.ordered(steps, times, values, count);
      points = ordered;
    }
    return ordered;
  }
}
