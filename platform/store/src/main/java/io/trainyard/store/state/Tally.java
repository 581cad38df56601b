package io.trainyard.store.state;

import io.trainyard.core.model.SeriesSummary;
import io.trainyard.store.chunk.ChunkSummary;
import java.nio.ByteBuffer;

/**
 * The running summary of one attempt's series. Exact, and the same whether points come one by one or as chunks. Not
 * thread-safe: guarded by its series.
 */
public final class Tally {
  public static final int BYTES = 10 * 8;

  private long count;
  private long nan;
  private long posInf;
  private long negInf;
  private long firstStep;
  private long lastStep;
  private long lastTime;
  private double last;
  private double min = Double.NaN;
  private double max = Double.NaN;

  /** Points in the order of their arrival. */
  public void add(long[] steps, long[] times, double[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      place(steps[i], steps[i], times[i], values[i]);
      count++;
      double value = values[i];
      if (value - value == 0) {
        spread(value, value);
      } else if (value == Double.POSITIVE_INFINITY) {
        posInf++;
      } else if (value == Double.NEGATIVE_INFINITY) {
        negInf++;
      } else {
        nan++;
      }
    }
  }

  /** A chunk that arrived after all that was added before. */
  public void add(ChunkSummary chunk) {
    place(chunk.firstStep(), chunk.lastStep(), chunk.lastTime(), chunk.last());
    count += chunk.count();
    nan += chunk.nan();
    posInf += chunk.posInf();
    negInf += chunk.negInf();
    if (!Double.isNaN(chunk.min())) {
      spread(chunk.min(), chunk.max());
    }
  }

  /** Another summary, of points with higher steps or of later arrival. */
  public void add(SeriesSummary other) {
    place(other.firstStep(), other.lastStep(), other.lastTime(), other.last());
    count += other.count();
    nan += other.nan();
    posInf += other.posInf();
    negInf += other.negInf();
    if (!Double.isNaN(other.min())) {
      spread(other.min(), other.max());
    }
  }

  /** What arrived later wins a tie. */
  private void place(long first, long step, long time, double value) {
    if (count == 0) {
      firstStep = first;
    } else {
      firstStep = Math.min(firstStep, first);
    }
    if (count == 0 || step > lastStep || step == lastStep && time >= lastTime) {
      lastStep = step;
      lastTime = time;
      last = value;
    }
  }

  private void spread(double low, double high) {
    // Math.min knows that -0.0 is below 0.0: the answer does not depend on the order of arrival.
    min = Double.isNaN(min) ? low : Math.min(min, low);
    max = Double.isNaN(max) ? high : Math.max(max, high);
  }

  public long count() {
    return count;
  }

  long firstStep() {
    return firstStep;
  }

  long lastStep() {
    return lastStep;
  }

  public SeriesSummary summary(String name) {
    return new SeriesSummary(name, count, nan, posInf, negInf, firstStep, lastStep, last, lastTime, min, max);
  }

  Tally copy() {
    Tally copy = new Tally();
    copy.count = count;
    copy.nan = nan;
    copy.posInf = posInf;
    copy.negInf = negInf;
    copy.firstStep = firstStep;
    copy.lastStep = lastStep;
    copy.lastTime = lastTime;
    copy.last = last;
    copy.min = min;
    copy.max = max;
    return copy;
  }

  public void write(ByteBuffer into) {
    into.putLong(count).putLong(nan).putLong(posInf).putLong(negInf);
    into.putLong(firstStep).putLong(lastStep).putLong(lastTime);
    into.putLong(Double.doubleToRawLongBits(last)).putDouble(min).putDouble(max);
  }

  public static Tally read(ByteBuffer from) {
    Tally tally = new Tally();
    tally.count = from.getLong();
    tally.nan = from.getLong();
    tally.posInf = from.getLong();
    tally.negInf = from.getLong();
    tally.firstStep = from.getLong();
    tally.lastStep = from.getLong();
    tally.lastTime = from.getLong();
    tally.last = Double.longBitsToDouble(from.getLong());
    tally.min = from.getDouble();
    tally.max = from.getDouble();
    return tally;
  }
}
