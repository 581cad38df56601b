package io.trainyard.store.chunk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Turns chunks that overlap in steps into chunks that do not, a few in memory at a time. The thread that appends calls
 * it.
 */
public final class ChunkMerger {
  private final ChunkFiles files;

  public ChunkMerger(ChunkFiles files) {
    this.files = files;
  }

  /**
   * Groups of a series' chunks that are worth merging: each is everything that hangs together by overlapping.
   *
   * @param minLateShare of a group's points, those out of order must be at least this part; 0 merges all that overlap.
   *     0.02 while points arrive writes each point some 5 times when 10 % come late
   */
  public static List<List<ChunkRef>> plan(List<ChunkRef> chunks, double minLateShare) {
    SeriesKey none = new SeriesKey("", 0, "");
    List<Piece> pieces = new ArrayList<>();
    for (ChunkRef chunk : chunks) {
      pieces.add(Piece.of(none, chunk));
    }
    pieces.sort(Piece.BY_START);
    List<List<ChunkRef>> groups = new ArrayList<>();
    for (int start = 0; start < pieces.size(); ) {
      Piece reach = pieces.get(start);
      long highest = reach.order();
      int end = start + 1;
      while (end < pieces.size()) {
        Piece next = pieces.get(end);
        if (reach.isBefore(next) && !wouldOvertake(reach, highest, next)) {
          break;
        }
        end++;
        highest = Math.max(highest, next.order());
        if (next.endsAfter(reach)) {
          reach = next;
        }
      }
      if (end - start > 1 && isWorth(pieces.subList(start, end), minLateShare)) {
        groups.add(pieces.subList(start, end).stream().map(Piece::chunk).toList());
      }
      start = end;
    }
    return groups;
  }

  /**
   * Whether the next piece begins with a point of the same step and time as the last one of the group, and arrived
   * before another piece of it. Merged without it, the group would get the higher order, and come behind it.
   */
  private static boolean wouldOvertake(Piece reach, long highest, Piece next) {
    return reach.lastStep() == next.firstStep() && reach.lastTime() == next.firstTime() && next.order() < highest;
  }

  /** Appends the merged chunks and buries the group. Then sync, and swap the move in the index. */
  public Move merge(SeriesKey key, List<ChunkRef> group) throws IOException {
    List<Piece> pieces = new ArrayList<>();
    long journalSequence = Long.MIN_VALUE;
    // Whatever has a point of the same step and time and is not in the group arrived later than all of it, and keeps a
    // higher order: see plan.
    long order = Long.MIN_VALUE;
    for (ChunkRef chunk : group) {
      pieces.add(Piece.of(key, chunk));
      journalSequence = Math.max(journalSequence, chunk.journalSequence());
      order = Math.max(order, chunk.order());
    }
    List<ChunkRef> fresh = new ArrayList<>();
    PointStream stream = new PointStream(files, pieces, Long.MIN_VALUE, Long.MAX_VALUE, false);
    // Twice a chunk, so that the cut can be made where a step ends.
    long[] steps = new long[2 * Cuts.CHUNK];
    long[] times = new long[2 * Cuts.CHUNK];
    double[] values = new double[2 * Cuts.CHUNK];
    int count = 0;
    while (stream.hasPoint() || count > 0) {
      while (stream.hasPoint() && count < steps.length) {
        steps[count] = stream.step();
        times[count] = stream.time();
        values[count++] = stream.value();
        stream.advance();
      }
      int end = Cuts.next(new Points(steps, times, values, count), 0, count, Cuts.CHUNK);
      fresh.add(
          files.appendChunk(
              key,
              journalSequence,
              order,
              new Points(Arrays.copyOf(steps, end), Arrays.copyOf(times, end), Arrays.copyOf(values, end), end),
              0,
              end));
      count -= end;
      System.arraycopy(steps, end, steps, 0, count);
      System.arraycopy(times, end, times, 0, count);
      System.arraycopy(values, end, values, 0, count);
    }
    files.drop(group);
    return new Move(key, List.copyOf(group), fresh);
  }

  private static boolean isWorth(List<Piece> group, double minLateShare) {
    long all = 0;
    for (Piece piece : group) {
      all += piece.count();
    }
    long late = 0;
    for (Piece piece : Lanes.of(group).loose()) {
      late += piece.count();
    }
    return late >= minLateShare * all;
  }
}
