package io.trainyard.ngramlm;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How often each sequence of 1 to so many tokens comes in a text, and after how many different tokens it does. Used by
 * the thread that trains.
 *
 * <p>One pass counts all lengths, and all models of these orders share it: {@code level(n)} finds an n-gram by the
 * number that {@code level(n - 1)} has for its first n-1 tokens.
 */
final class Counts {
  private final Level[] levels;

  /** By length, the number of the sequence that was read last; -1 where the text is still shorter. */
  private final int[] last;

  private long total;

  Counts(int orders) {
    levels = new Level[orders + 1];
    last = new int[orders + 1];
    Arrays.fill(last, -1);
    last[0] = 0;
    for (int n = 1; n <= orders; n++) {
      levels[n] = new Level();
    }
  }

  /** As it was when it was saved. */
  Counts(List<int[]> saved, int[] last, long total) {
    this(saved.size());
    for (int n = 1; n <= saved.size(); n++) {
      levels[n] = Level.of(saved.get(n - 1));
    }
    System.arraycopy(last, 0, this.last, 0, last.length);
    this.total = total;
  }

  /** The longest sequences that are counted. */
  int orders() {
    return levels.length - 1;
  }

  /** Tokens that were counted. */
  long total() {
    return total;
  }

  Level level(int n) {
    return levels[n];
  }

  /** Counts what the text goes on with. */
  void add(int[] tokens, int from, int to) {
    for (int i = from; i < to; i++) {
      add(tokens[i]);
    }
    total += to - from;
  }

  private void add(int token) {
    int before = last[0];
    for (int n = 1; n < levels.length && before >= 0; n++) {
      int known = levels[n].size();
      int number = levels[n].count(before, token);
      if (number == known && n > 1) {
        // A new one: its last n-1 tokens have now been seen after one more token.
        levels[n - 1].continues(last[n - 1]);
      }
      before = last[n];
      last[n] = number;
    }
  }

  /** After all is counted, and before a model asks. */
  Counts sum() {
    for (int n = 1; n < levels.length; n++) {
      levels[n].sum(n == 1 ? 1 : levels[n - 1].size());
    }
    return this;
  }

  /** What is to be saved of each length. */
  List<int[]> toArrays() {
    return IntStream.rangeClosed(1, orders()).mapToObj(n -> levels[n].toArray()).toList();
  }

  int[] last() {
    return last.clone();
  }
}
