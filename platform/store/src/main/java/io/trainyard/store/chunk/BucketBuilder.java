package io.trainyard.store.chunk;

import io.trainyard.core.model.SeriesData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Puts a range into buckets of nearly equal numbers of points. One thread, one question.
 *
 * <p>The range goes by in units: a chunk, a granule or a point, whichever is the largest that is not larger than a
 * bucket should be. A unit belongs to the bucket in which its first point would lie if all points had been counted off,
 * floor(rank * max / total), so there are never more than max buckets. A unit that starts at the step where the bucket
 * ends joins that bucket, for buckets do not share steps.
 *
 * <p>Loose points (late, and not merged yet) come last: the main lanes have made the buckets, and each loose point is
 * added to the one in whose steps it lies. That changes nothing but who is first and last, and {@link Stats} decides
 * that by position. It takes 5 ns a point, however many chunks they lie in. Where loose points fill a hole of the main
 * lane they would crowd in one bucket; then the question is answered a second way, which merges both into one sequence
 * first: 100 ns a point, and even buckets.
 *
 * <p>So no number is ever an estimate; only the places of the cuts are approximate.
 */
final class BucketBuilder {
  /** A bucket that has so many times what it should have, mostly loose points, is crowded. */
  private static final int CROWDED = 4;

  private final ChunkFiles files;
  private final long total;
  private final int max;

  /** Points in a unit, at most. */
  private final double unit;

  private final List<Stats> buckets = new ArrayList<>();
  private Stats bucket = new Stats();
  private long rank;
  private long boundary;

  /**
   * @param total of the points that will be counted off
   * @param mainTotal how many of these are in main lanes
   */
  BucketBuilder(ChunkFiles files, long total, long mainTotal, int max) {
    this.files = files;
    this.total = total;
    this.max = max;
    // Of each bucket's total / max points so many are in the main lane on average; merged loose ones come on top.
    this.unit = (double) mainTotal / max;
  }

  /** Counts off the main lane alone. */
  void addMain(Lanes lanes, long fromStep, long toStep) throws IOException {
    add(new Lanes(lanes.main(), List.of()), fromStep, toStep);
  }

  /**
   * Adds loose points to the buckets that the main lanes have made.
   *
   * @return whether none is crowded now
   */
  boolean scatter(List<Piece> loose, long fromStep, long toStep) throws IOException {
    close();
    long[] firsts = buckets.stream().mapToLong(stats -> stats.firstStep).toArray();
    long[] before = buckets.stream().mapToLong(stats -> stats.count).toArray();
    for (Piece piece : loose) {
      Points points = piece.points(files, true);
      int end = points.upperBound(toStep);
      for (int at = points.lowerBound(fromStep); at < end; ) {
        int found = Arrays.binarySearch(firsts, points.steps()[at]);
        int index = Math.max(0, found >= 0 ? found : -found - 2);
        int next = index + 1 < firsts.length ? Math.min(end, points.lowerBound(firsts[index + 1])) : end;
        buckets.get(index).add(points, at, next, piece.order());
        at = next;
      }
    }
    double fair = (double) buckets.stream().mapToLong(stats -> stats.count).sum() / max;
    for (int i = 0; i < before.length; i++) {
      long count = buckets.get(i).count;
      if (count > CROWDED * fair && count > 2 * before[i]) {
        return false;
      }
    }
    return true;
  }

  /** Merges both lanes into one sequence and counts that off. */
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
    int n = buckets.size();
    SeriesData.Buckets built =
        new SeriesData.Buckets(
            name,
            buckets.stream().mapToLong(stats -> stats.count).sum(),
            new long[n],
            new long[n],
            new long[n],
            new long[n],
            new long[n],
            new double[n],
            new double[n],
            new double[n],
            new double[n],
            new double[n],
            new long[n],
            new long[n],
            new long[n]);
    for (int i = 0; i < n; i++) {
      Stats stats = buckets.get(i);
      built.firstStep()[i] = stats.firstStep;
      built.lastStep()[i] = stats.lastStep;
      built.firstTime()[i] = stats.firstTime;
      built.lastTime()[i] = stats.lastTime;
      built.counts()[i] = stats.count;
      built.min()[i] = stats.minOrNan();
      built.max()[i] = stats.maxOrNan();
      built.mean()[i] = stats.mean();
      built.first()[i] = stats.first;
      built.last()[i] = stats.last;
      built.nan()[i] = stats.nan;
      built.posInf()[i] = stats.posInf;
      built.negInf()[i] = stats.negInf;
    }
    return built;
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
      buckets.add(bucket);
      bucket = new Stats();
    }
  }
}
