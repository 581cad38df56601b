package io.trainyard.ngramlm;

import java.util.Arrays;

/** The last tokens of a text, as the counts number them. One thread. */
final class History {
  private final Counts counts;

  /** By length, the number of the last so many tokens; -1 if they were never seen together, or there are fewer. */
  private final int[] numbers;

  private final int[] next;
  private int length;

  /** Of a text that begins. */
  History(Counts counts) {
    this.counts = counts;
    this.numbers = new int[counts.orders() + 1];
    this.next = new int[counts.orders() + 1];
    Arrays.fill(numbers, 1, numbers.length, -1);
  }

  /** How many tokens there are, but no more than a model looks back. */
  int length() {
    return Math.min(length, counts.orders() - 1);
  }

  /** The number of the last {@code n} tokens; 0 of none. */
  int number(int n) {
    return numbers[n];
  }

  /**
   * By length up to {@code orders}, the numbers of the sequences that would be the last ones with this token after them;
   * -1 for one that was never seen. The array is reused.
   */
  int[] with(int token, int orders) {
    for (int n = 1; n <= Math.min(length + 1, orders); n++) {
      next[n] = counts.level(n).find(numbers[n - 1], token);
    }
    return next;
  }

  /** Goes on by what {@link #with} has found, for all lengths. */
  void add(int[] with) {
    length = Math.min(length + 1, counts.orders());
    System.arraycopy(with, 1, numbers, 1, length);
  }

  void add(int token) {
    add(with(token, counts.orders()));
  }
}
