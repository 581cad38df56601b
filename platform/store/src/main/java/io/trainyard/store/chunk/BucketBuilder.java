package io.trainyard.store.chunk;

import io.trainyard.core.model.SeriesData;
import java.io.IOException;
import java.util.Arrays;

/**
 * Puts a range into buckets of nearly equal numbers of points. One thread, one question.
 *
 * <p>The range goes by in units: a chunk, a granule or a point, whichever is the largest that is not larger than a bucket should be. A unit
 * belongs to the bucket in which its first point would lie if all points had been counted off, floor(rank * max / total), so there are
 * never more than max buckets. A unit that starts at the step where the bucket ends joins that bucket, for buckets do not
 * share steps. Loose points (late, and not merged yet) that lie inside a unit are added to it one by one, which changes nothing but who is first
 * and last, and {@link Stats} decides that by position. So no number is ever an estimate; only the places of the cuts are approximate.
 */
final class BucketBuilder {
  private final ChunkFiles files;
  private final long total;
  private final int max;

  /** Points in a unit, at most. */
  private final double unit;

  private final Stats bucket = new Stats();
  private final Columns columns;
  private long rank;
  private long boundary;

  /** @param mainTotal how many of the points are in main lanes */
  BucketBuilder(ChunkFiles files, long total, long mainTotal, int max) {
    this.files = files;
    this.total = total;
    this.max = max;
    // Of each bucket's total / max points so many are in the main lane on average; the loose ones come on top.
    this.unit = (double) mainTotal / max;
    this.columns = new Columns(max);
  }

  void add(Lanes lanes, long fromStep, long toStep) throws IOException {
    PointStream loose = new PointStream(files, lanes.loose(), fromStep, toStep, true);
    for (Piece piece : lanes.main()) {
      if (piece.chunk() != null && piece.count() <= unit && piece.isWithin(fromStep, toStep)) {
        begin(piece.firstStep(), loose);
        bucket.add(piece.chunk().summary(), piece.order());
        rank += piece.count();
        takeThrough(piece.lastStep(), loose);
      } else if (piece.chunk() != null && Cuts.GRANULE <= unit) {
        addGranules(piece, fromStep, toStep, loose);
      } else {
        Points points = piece.points(files, true);
        addPoints(points, points.lowerBound(fromStep), points.upperBound(toStep), piece.order(), loose);
      }
    }
    while (loose.hasPoint()) {
      takeOne(loose);
    }
  }

  SeriesData.Buckets build(String name) {
    close();
    return columns.build(name, total);
  }

  private void addGranules(Piece piece, long fromStep, long toStep, PointStream loose) throws IOException {
    Levels levels = files.levels(piece.key(), piece.chunk());
    Points points = null;
    int start = 0;
    for (int g = 0; g < levels.granules; g++) {
      int end = start + levels.count[g];
      if (levels.lastStep[g] >= fromStep && levels.firstStep[g] <= toStep) {
        boolean within = levels.firstStep[g] >= fromStep && levels.lastStep[g] <= toStep;
        if (within && levels.count[g] <= unit) {
          begin(levels.firstStep[g], loose);
          bucket.add(levels, g, piece.order());
          rank += levels.count[g];
          takeThrough(levels.lastStep[g], loose);
        } else {
          points = points == null ? piece.points(files, true) : points;
          int from = Math.max(start, points.lowerBound(fromStep));
          addPoints(points, from, Math.min(end, points.upperBound(toStep)), piece.order(), loose);
        }
      }
      start = end;
    }
  }

  private void addPoints(Points points, int from, int to, long order, PointStream loose) throws IOException {
    long[] steps = points.steps();
    int at = from;
    while (at < to) {
      begin(steps[at], loose);
      int end = loose.hasPoint() && loose.step() <= steps[to - 1] ? Math.min(to, points.lowerBound(loose.step())) : to;
      if (end <= at) {
        // The loose point has this very step.
        end = at + 1;
      } else if (rank < boundary) {
        end = (int) Math.min(end, at + (boundary - rank));
      } else {
        // Past the cut, but with the bucket's last step: all of that step joins.
        end = Math.min(end, points.upperBound(steps[at]));
      }
      bucket.add(points, at, end, order);
      rank += end - at;
      at = end;
    }
  }

  /** Takes the loose points that come before this step, then opens a bucket if one is due. */
  private void begin(long step, PointStream loose) throws IOException {
    while (loose.hasPoint() && loose.step() < step) {
      takeOne(loose);
    }
    cutBefore(step);
  }

  private void takeThrough(long step, PointStream loose) throws IOException {
    while (loose.hasPoint() && loose.step() <= step) {
      bucket.add(loose.step(), loose.time(), loose.value(), loose.order());
      rank++;
      loose.advance();
    }
  }

  private void takeOne(PointStream loose) throws IOException {
    cutBefore(loose.step());
    bucket.add(loose.step(), loose.time(), loose.value(), loose.order());
    rank++;
    loose.advance();
  }

  private void cutBefore(long step) {
    if (rank >= boundary && (bucket.count == 0 || step > bucket.lastStep)) {
      close();
      long index = rank * max / total;
      boundary = ((index + 1) * total + max - 1) / max;
    }
  }

  private void close() {
    if (bucket.count > 0) {
      columns.add(bucket);
      bucket.clear();
    }
  }

  /** The answer's arrays while they fill. */
  private static final class Columns {
    private final long[] firstStep;
    private final long[] lastStep;
    private final long[] firstTime;
    private final long[] lastTime;
    private final long[] counts;
    private final double[] min;
    private final double[] max;
    private final double[] mean;
    private final double[] first;
    private final double[] last;
    private final long[] nan;
    private final long[] posInf;
    private final long[] negInf;
    private int size;

    Columns(int capacity) {
      firstStep = new long[capacity];
      lastStep = new long[capacity];
      firstTime = new long[capacity];
      lastTime = new long[capacity];
      counts = new long[capacity];
      min = new double[capacity];
      max = new double[capacity];
      mean = new double[capacity];
      first = new double[capacity];
      last = new double[capacity];
      nan = new long[capacity];
      posInf = new long[capacity];
      negInf = new long[capacity];
    }

    void add(Stats s) {
      firstStep[size] = s.firstStep;
      lastStep[size] = s.lastStep;
      firstTime[size] = s.firstTime;
      lastTime[size] = s.lastTime;
      counts[size] = s.count;
      min[size] = s.minOrNan();
      max[size] = s.maxOrNan();
      mean[size] = s.mean();
      first[size] = s.first;
      last[size] = s.last;
      nan[size] = s.nan;
      posInf[size] = s.posInf;
      negInf[size] = s.negInf;
      size++;
    }

    SeriesData.Buckets build(String name, long total) {
      return new SeriesData.Buckets(
          name,
          total,
          Arrays.copyOf(firstStep, size),
          Arrays.copyOf(lastStep, size),
          Arrays.copyOf(firstTime, size),
          Arrays.copyOf(lastTime, size),
          Arrays.copyOf(counts, size),
          Arrays.copyOf(min, size),
          Arrays.copyOf(max, size),
          Arrays.copyOf(mean, size),
          Arrays.copyOf(first, size),
          Arrays.copyOf(last, size),
          Arrays.copyOf(nan, size),
          Arrays.copyOf(posInf, size),
          Arrays.copyOf(negInf, size));
    }
  }
}
