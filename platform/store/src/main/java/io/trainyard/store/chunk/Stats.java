package io.trainyard.store.chunk;

/**
 * Gathers what a bucket says of its points, from points, granules and whole chunks in any order. One thread.
 *
 * <p>Everything adds up exactly whatever the order, but for the sum, which is plain double arithmetic. Values of 2^900
 * and more are summed apart, divided by 2^128 (a power of two, so nothing is lost): a diverging run has a finite mean
 * as long as its values are finite.
 */
final class Stats {
  static final double HUGE = 0x1p900;
  private static final double SCALE = 0x1p-128;

  long count;
  long nan;
  long posInf;
  long negInf;
  double min = Double.POSITIVE_INFINITY;
  double max = Double.NEGATIVE_INFINITY;
  double sum;
  double huge;
  long firstStep;
  long firstTime;
  long firstOrder;
  double first;
  long lastStep;
  long lastTime;
  long lastOrder;
  double last;

  /** Points that lie in a chunk (or head) of this order. */
  void add(Points points, int from, int to, long order) {
    long[] steps = points.steps();
    long[] times = points.times();
    double[] values = points.values();
    int end = to - 1;
    edges(steps[from], times[from], values[from], order, steps[end], times[end], values[end], order);
    double low = min;
    double high = max;
    double total = sum;
    for (int i = from; i < to; i++) {
      double value = values[i];
      if (Math.abs(value) < HUGE) {
        total += value;
        low = Math.min(low, value);
        high = Math.max(high, value);
      } else {
        rare(value);
      }
    }
    // Not "min = low": a rare value may have moved it.
    min = Math.min(min, low);
    max = Math.max(max, high);
    sum = total;
    count += to - from;
  }

  void add(long step, long time, double value, long order) {
    edges(step, time, value, order, step, time, value, order);
    if (Math.abs(value) < HUGE) {
      sum += value;
      min = Math.min(min, value);
      max = Math.max(max, value);
    } else {
      rare(value);
    }
    count++;
  }

  void add(Levels levels, int granule, long order) {
    edges(
        levels.firstStep[granule],
        levels.firstTime[granule],
        levels.first[granule],
        order,
        levels.lastStep[granule],
        levels.lastTime[granule],
        levels.last[granule],
        order);
    add(
        levels.count[granule],
        levels.nan[granule],
        levels.posInf[granule],
        levels.negInf[granule],
        levels.min[granule],
        levels.max[granule],
        levels.sum[granule],
        levels.huge[granule]);
  }

  void add(ChunkSummary s, long order) {
    edges(s.firstStep(), s.firstTime(), s.first(), order, s.lastStep(), s.lastTime(), s.last(), order);
    add(s.count(), s.nan(), s.posInf(), s.negInf(), s.min(), s.max(), s.sum(), s.huge());
  }

  private void add(long points, long nans, long pos, long neg, double low, double high, double total, double scaled) {
    count += points;
    nan += nans;
    posInf += pos;
    negInf += neg;
    if (points > nans + pos + neg) {
      min = Math.min(min, low);
      max = Math.max(max, high);
      sum += total;
      huge += scaled;
    }
  }

  private void edges(
      long fromStep, long fromTime, double from, long fromOrder, long toStep, long toTime, double to, long toOrder) {
    if (count == 0 || compare(fromStep, fromTime, fromOrder, firstStep, firstTime, firstOrder) < 0) {
      firstStep = fromStep;
      firstTime = fromTime;
      firstOrder = fromOrder;
      first = from;
    }
    if (count == 0 || compare(toStep, toTime, toOrder, lastStep, lastTime, lastOrder) >= 0) {
      lastStep = toStep;
      lastTime = toTime;
      lastOrder = toOrder;
      last = to;
    }
  }

  static int compare(long step, long time, long order, long otherStep, long otherTime, long otherOrder) {
    if (step != otherStep) {
      return step < otherStep ? -1 : 1;
    }
    return time != otherTime ? Long.compare(time, otherTime) : Long.compare(order, otherOrder);
  }

  private void rare(double value) {
    if (value != value) {
      nan++;
    } else if (value == Double.POSITIVE_INFINITY) {
      posInf++;
    } else if (value == Double.NEGATIVE_INFINITY) {
      negInf++;
    } else {
      huge += value * SCALE;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }

  private long finite() {
    return count - nan - posInf - negInf;
  }

  double minOrNan() {
    return finite() == 0 ? Double.NaN : min;
  }

  double maxOrNan() {
    return finite() == 0 ? Double.NaN : max;
  }

  double mean() {
    long finite = finite();
    return finite == 0 ? Double.NaN : sum / finite + huge / finite / SCALE;
  }

  ChunkSummary toSummary() {
    return new ChunkSummary(
        count,
        nan,
        posInf,
        negInf,
        firstStep,
        firstTime,
        first,
        lastStep,
        lastTime,
        last,
        minOrNan(),
        maxOrNan(),
        sum,
        huge);
  }
}
