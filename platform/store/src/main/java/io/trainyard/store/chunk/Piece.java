package io.trainyard.store.chunk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chunk or a head, whichever: some ordered points of a series, perhaps not read yet. Immutable; any thread.
 *
 * @param chunk null for a head
 * @param head null for a chunk
 */
record Piece(
    SeriesKey key,
    @Nullable ChunkRef chunk,
    @Nullable Points head,
    long order,
    long count,
    long firstStep,
    long firstTime,
    long lastStep,
    long lastTime) {
  /** By the first point; pieces of one merge have one order and lie in the file as they follow each other. */
  static final Comparator<Piece> BY_START =
      (a, b) -> {
        int c = Stats.compare(a.firstStep, a.firstTime, a.order, b.firstStep, b.firstTime, b.order);
        return c != 0 || a.chunk == null || b.chunk == null ? c : byPlace(a.chunk, b.chunk);
      };

  static Piece of(SeriesKey key, ChunkRef chunk) {
    ChunkSummary s = chunk.summary();
    return new Piece(
        key, chunk, null, chunk.order(), s.count(), s.firstStep(), s.firstTime(), s.lastStep(), s.lastTime());
  }

  static Piece of(SeriesKey key, Points head, long order) {
    int end = head.count() - 1;
    return new Piece(
        key, null, head, order, head.count(), head.steps()[0], head.times()[0], head.steps()[end], head.times()[end]);
  }

  /** What of this part touches the range. */
  static List<Piece> of(SeriesPart part, long fromStep, long toStep) {
    List<Piece> pieces = new ArrayList<>();
    for (ChunkRef chunk : part.chunks()) {
      if (chunk.summary().firstStep() <= toStep && chunk.summary().lastStep() >= fromStep) {
        pieces.add(of(part.key(), chunk));
      }
    }
    List<Points> heads = part.heads();
    for (int i = 0; i < heads.size(); i++) {
      Points head = heads.get(i);
      if (head.count() > 0 && head.steps()[0] <= toStep && head.steps()[head.count() - 1] >= fromStep) {
        pieces.add(of(part.key(), head, Long.MAX_VALUE - heads.size() + i));
      }
    }
    return pieces;
  }

  boolean isWithin(long fromStep, long toStep) {
    return firstStep >= fromStep && lastStep <= toStep;
  }

  /** Whether all of this comes before all of that. */
  boolean isBefore(Piece that) {
    return Stats.compare(lastStep, lastTime, order, that.firstStep, that.firstTime, that.order) <= 0;
  }

  boolean endsAfter(Piece that) {
    return Stats.compare(lastStep, lastTime, order, that.lastStep, that.lastTime, that.order) > 0;
  }

  Points points(ChunkFiles files, boolean keep) throws IOException {
    return chunk == null ? head : files.read(key, chunk, keep);
  }

  /** How many of its points lie in the range; reads it only if it lies across an end. */
  long countIn(long fromStep, long toStep, ChunkFiles files) throws IOException {
    if (isWithin(fromStep, toStep)) {
      return count;
    }
    Points points = points(files, true);
    return points.upperBound(toStep) - points.lowerBound(fromStep);
  }

  private static int byPlace(ChunkRef a, ChunkRef b) {
    return a.file() != b.file() ? Long.compare(a.file(), b.file()) : Long.compare(a.offset(), b.offset());
  }
}
