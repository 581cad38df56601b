package io.trainyard.core.run;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody probably meant. Pure; any thread. */
public final class Nearest {
  private Nearest() {}

  /** "is not a param; did you mean learning_rate?", or a list of what there is. */
  public static String unknown(String name, Collection<String> known, String what) {
    Optional<String> near = nearest(name, known);
    if (near.isPresent()) {
      return "is not a " + what + "; did you mean " + near.get() + "?";
    }
    String all = known.isEmpty() ? ": there is none" : "; there are " + String.join(", ", known);
    return "is not a " + what + all;
  }

  /** The closest one by edit distance, if it is close. */
  public static Optional<String> nearest(String name, Collection<String> known) {
    int most = Math.max(1, name.length() / 3);
    return known.stream()
        .filter(candidate -> distance(name, candidate) <= most)
        .min(Comparator.comparingInt(candidate -> distance(name, candidate)));
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
