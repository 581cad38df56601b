package io.trainyard.store.chunk;

import java.io.IOException;
import java.util.List;

/** Turns chunks that overlap in steps into chunks that do not. The thread that appends calls it. */
public final class ChunkMerger {
  public ChunkMerger(ChunkFiles files) {}

  /**
   * Groups of a series' chunks that are worth merging.
   *
   * @param minLateShare of a group's points, those out of order must be at least this part; 0 merges all that overlap. 0.02 while points
   *     arrive writes each point some 5 times when 10 % come late
   */
  public static List<List<ChunkRef>> plan(List<ChunkRef> chunks, double minLateShare) {
    throw new UnsupportedOperationException();
  }

  /** Appends the merged chunks. Then sync, and swap the move in the index. */
  public Move merge(SeriesKey key, List<ChunkRef> group) throws IOException {
    throw new UnsupportedOperationException();
  }
}
