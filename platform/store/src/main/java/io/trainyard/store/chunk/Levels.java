package io.trainyard.store.chunk;

import java.nio.ByteBuffer;

/**
 * Summaries of a chunk's granules (some 256 points each), a column a fact. Not written to once built; any thread reads.
 *
 * <p>Stored with what is usual left out: the steps when they are arithmetic, floats as four bytes, the counts of NaN
 * and infinities and the sums of huge values when there are none. That leaves some 27 bytes a granule.
 */
final class Levels {
  private static final int REGULAR_STEPS = 1;
  private static final int FLOATS = 2;
  private static final int SPECIALS = 4;
  private static final int HUGE = 8;

  final int granules;
  final int[] count;
  final long[] firstStep;
  final long[] firstTime;
  final long[] lastStep;
  final long[] lastTime;
  final double[] first;
  final double[] last;
  final double[] min;
  final double[] max;
  final double[] sum;
  final double[] huge;
  final int[] nan;
  final int[] posInf;
  final int[] negInf;

  private Levels(int granules) {
    this.granules = granules;
    count = new int[granules];
    firstStep = new long[granules];
    firstTime = new long[granules];
    lastStep = new long[granules];
    lastTime = new long[granules];
    first = new double[granules];
    last = new double[granules];
    min = new double[granules];
    max = new double[granules];
    sum = new double[granules];
    huge = new double[granules];
    nan = new int[granules];
    posInf = new int[granules];
    negInf = new int[granules];
  }

  /** About the memory it takes. */
  int bytes() {
    return 160 + granules * 96;
  }

  /** Builds and writes the granules of these points, and adds them up in {@code total}. */
  static void encode(Points points, int from, int to, Stats total, ByteSink out) {
    Stats[] parts = new Stats[4 + 2 * (to - from) / Cuts.GRANULE];
    int granules = 0;
    for (int start = from; start < to; ) {
      int end = Cuts.next(points, start, to, Cuts.GRANULE);
      parts[granules] = new Stats();
      parts[granules++].add(points, start, end, 0);
      start = end;
    }
    int flags = isRegular(points, from, to) ? REGULAR_STEPS : 0;
    flags |= Columns.isFloat(points.values(), from, to - from) ? FLOATS : 0;
    for (int g = 0; g < granules; g++) {
      Stats s = parts[g];
      total.add(s.toSummary(), 0);
      flags |= s.nan + s.posInf + s.negInf > 0 ? SPECIALS : 0;
      flags |= s.huge != 0 ? HUGE : 0;
    }
    out.varint(granules).u8(flags);
    for (int g = 0; g < granules; g++) {
      out.varint(parts[g].count);
    }
    if ((flags & REGULAR_STEPS) != 0) {
      out.i64(points.steps()[from]).signed(to - from == 1 ? 0 : points.steps()[from + 1] - points.steps()[from]);
    }
    long step = 0;
    long time = 0;
    for (int g = 0; g < granules; g++) {
      Stats s = parts[g];
      if ((flags & REGULAR_STEPS) == 0) {
        out.signed(s.firstStep - step).signed(s.lastStep - s.firstStep);
      }
      out.signed(s.firstTime - time).signed(s.lastTime - s.firstTime);
      step = s.lastStep;
      time = s.lastTime;
      boolean floats = (flags & FLOATS) != 0;
      value(out, s.first, floats);
      value(out, s.last, floats);
      // Without a finite value there is neither.
      value(out, s.minOrNan(), floats);
      value(out, s.maxOrNan(), floats);
      out.f64(s.sum);
      if ((flags & HUGE) != 0) {
        out.f64(s.huge);
      }
      if ((flags & SPECIALS) != 0) {
        out.varint(s.nan).varint(s.posInf).varint(s.negInf);
      }
    }
  }

  static Levels decode(ByteBuffer in) {
    int granules = ByteSink.length(in);
    Levels levels = new Levels(granules);
    int flags = in.get();
    for (int g = 0; g < granules; g++) {
      levels.count[g] = (int) ByteSink.varint(in);
    }
    boolean regular = (flags & REGULAR_STEPS) != 0;
    boolean floats = (flags & FLOATS) != 0;
    long step = regular ? in.getLong() : 0;
    long difference = regular ? ByteSink.signed(in) : 0;
    long time = 0;
    for (int g = 0; g < granules; g++) {
      if (regular) {
        levels.firstStep[g] = step;
        levels.lastStep[g] = step + difference * (levels.count[g] - 1);
        step += difference * levels.count[g];
      } else {
        levels.firstStep[g] = step + ByteSink.signed(in);
        levels.lastStep[g] = levels.firstStep[g] + ByteSink.signed(in);
        step = levels.lastStep[g];
      }
      levels.firstTime[g] = time + ByteSink.signed(in);
      levels.lastTime[g] = levels.firstTime[g] + ByteSink.signed(in);
      time = levels.lastTime[g];
      levels.first[g] = value(in, floats);
      levels.last[g] = value(in, floats);
      levels.min[g] = value(in, floats);
      levels.max[g] = value(in, floats);
      levels.sum[g] = in.getDouble();
      if ((flags & HUGE) != 0) {
        levels.huge[g] = in.getDouble();
      }
      if ((flags & SPECIALS) != 0) {
        levels.nan[g] = (int) ByteSink.varint(in);
        levels.posInf[g] = (int) ByteSink.varint(in);
        levels.negInf[g] = (int) ByteSink.varint(in);
      }
    }
    return levels;
  }

  /** Where each granule starts, and the end of the last. */
  int[] starts() {
    int[] starts = new int[granules + 1];
    for (int g = 0; g < granules; g++) {
      starts[g + 1] = starts[g] + count[g];
    }
    return starts;
  }

  private static boolean isRegular(Points points, int from, int to) {
    long[] steps = points.steps();
    for (int i = from + 2; i < to; i++) {
      if (steps[i] - steps[i - 1] != steps[from + 1] - steps[from]) {
        return false;
      }
    }
    return true;
  }

  private static void value(ByteSink out, double value, boolean floats) {
    if (floats) {
      out.i32(Columns.narrow(value));
    } else {
      out.f64(value);
    }
  }

  private static double value(ByteBuffer in, boolean floats) {
    return floats ? Columns.widen(in.getInt()) : Double.longBitsToDouble(in.getLong());
  }
}
