package io.trainyard.store.chunk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Divides pieces into those that follow each other (the main lane) and those that lie across them (late points, not
 * merged yet). Immutable.
 *
 * <p>The main lane is read by summaries, the rest point by point, so the main lane has as many points as can be: the
 * heaviest set of intervals that do not overlap. Nearly always all pieces are in it, which a look along the sorted list
 * tells.
 */
record Lanes(List<Piece> main, List<Piece> loose) {
  static Lanes of(List<Piece> pieces) {
    List<Piece> sorted = new ArrayList<>(pieces);
    sorted.sort(Piece.BY_START);
    for (int i = 1; i < sorted.size(); i++) {
      if (!sorted.get(i - 1).isBefore(sorted.get(i))) {
        return heaviest(sorted);
      }
    }
    return new Lanes(sorted, List.of());
  }

  private static Lanes heaviest(List<Piece> sorted) {
    Piece[] byEnd = sorted.toArray(Piece[]::new);
    Arrays.sort(
        byEnd,
        Comparator.<Piece>comparingLong(Piece::lastStep)
            .thenComparingLong(Piece::lastTime)
            .thenComparingLong(Piece::order));
    int n = byEnd.length;
    long[] weight = new long[n + 1];
    int[] before = new int[n];
    for (int i = 0; i < n; i++) {
      int low = 0;
      int high = i;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (byEnd[middle].isBefore(byEnd[i])) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      before[i] = low;
      weight[i + 1] = Math.max(weight[i], weight[low] + byEnd[i].count());
    }
    List<Piece> main = new ArrayList<>();
    List<Piece> loose = new ArrayList<>();
    int i = n;
    while (i > 0) {
      if (weight[i] == weight[i - 1]) {
        loose.add(byEnd[--i]);
      } else {
        Piece taken = byEnd[i - 1];
        main.add(taken);
        int next = before[i - 1];
        for (int skipped = i - 2; skipped >= next; skipped--) {
          loose.add(byEnd[skipped]);
        }
        i = next;
      }
    }
    main.sort(Piece.BY_START);
    loose.sort(Piece.BY_START);
    return new Lanes(main, loose);
  }
}
