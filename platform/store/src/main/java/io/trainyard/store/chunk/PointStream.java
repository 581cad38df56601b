package io.trainyard.store.chunk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Merges pieces into one stream of points by step, time and arrival. One thread.
 *
 * <p>A piece is read when the stream has come to its first point and let go of behind its last: as many are in memory
 * as overlap at one place.
 */
final class PointStream {
  private final ChunkFiles files;
  private final List<Piece> pieces;
  private final long fromStep;
  private final long toStep;
  private final boolean keep;
  private final PriorityQueue<Cursor> others = new PriorityQueue<>(Cursor::compareTo);
  private int opened;
  private @Nullable Cursor current;

  /** @param keep whether chunks that are read should stay in the cache; not when all of a series goes by once */
  PointStream(ChunkFiles files, List<Piece> pieces, long fromStep, long toStep, boolean keep) throws IOException {
    this.files = files;
    this.pieces = new ArrayList<>(pieces);
    this.pieces.sort(Piece.BY_START);
    this.fromStep = fromStep;
    this.toStep = toStep;
    this.keep = keep;
    settle();
  }

  /** Whether there is a point to look at. */
  boolean hasPoint() {
    return current != null;
  }

  long step() {
    return current.points.steps()[current.at];
  }

  long time() {
    return current.points.times()[current.at];
  }

  double value() {
    return current.points.values()[current.at];
  }

  long order() {
    return current.piece.order();
  }

  void advance() throws IOException {
    current.at++;
    settle();
  }

  /** Finds the cursor with the smallest point; opens the pieces that may have it. */
  private void settle() throws IOException {
    if (current != null && current.at >= current.end) {
      current = null;
    }
    while (true) {
      if (current == null) {
        current = others.poll();
      } else if (!others.isEmpty() && others.peek().compareTo(current) < 0) {
        Cursor smaller = others.poll();
        others.add(current);
        current = smaller;
      }
      if (opened >= pieces.size() || (current != null && current.isBefore(pieces.get(opened)))) {
        return;
      }
      Piece piece = pieces.get(opened++);
      Points points = piece.points(files, keep);
      int at = points.lowerBound(fromStep);
      int end = points.upperBound(toStep);
      if (at < end) {
        others.add(new Cursor(piece, points, at, end));
      }
    }
  }

  private static final class Cursor {
    final Piece piece;
    final Points points;
    final int end;
    int at;

    Cursor(Piece piece, Points points, int at, int end) {
      this.piece = piece;
      this.points = points;
      this.at = at;
      this.end = end;
    }

    int compareTo(Cursor that) {
      int c =
          Stats.compare(
              points.steps()[at],
              points.times()[at],
              piece.order(),
              that.points.steps()[that.at],
              that.points.times()[that.at],
              that.piece.order());
      return c != 0 ? c : Piece.BY_START.compare(piece, that.piece);
    }

    boolean isBefore(Piece that) {
      return Stats.compare(
              points.steps()[at], points.times()[at], piece.order(), that.firstStep(), that.firstTime(), that.order())
          < 0;
    }
  }
}
