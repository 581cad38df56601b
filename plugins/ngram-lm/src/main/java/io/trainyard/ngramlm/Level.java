package io.trainyard.ngramlm;

import java.util.Arrays;

/**
 * The n-grams of one length, each found by the n-gram of its first n-1 tokens and its last token. Used by the thread
 * that trains.
 *
 * <p>N-grams have numbers, 0, 1, 2 in the order in which they were first seen. A hash table with open addressing finds
 * the number, so an n-gram costs 24 to 32 bytes, however long it is.
 */
final class Level {
  private static final int NONE = -1;

  private int[] parents = new int[16];
  private int[] tokens = new int[16];
  private int[] counts = new int[16];
  private int[] continuations = new int[16];

  /** Numbers plus one; 0 is free. At most half of it is taken. */
  private int[] slots = new int[32];

  private int size;

  /** Over the n-grams that begin with the same n-1 tokens, by the number of these: filled by {@link #sum}. */
  private Sums byCount = new Sums(new long[0], new int[0], 0);

  private Sums byContinuation = byCount;

  int size() {
    return size;
  }

  /** How many n-grams were seen once. */
  long once() {
    return Arrays.stream(counts, 0, size).filter(it -> it == 1).count();
  }

  /** The number of the n-gram; -1 if it was never seen. */
  int find(int parent, int token) {
    return parent < 0 ? NONE : slots[slot(parent, token)] - 1;
  }

  /** The number of the n-gram, a new one if it is new; its count is one more. */
  int count(int parent, int token) {
    int slot = slot(parent, token);
    int number = slots[slot] - 1;
    if (number < 0) {
      number = insert(slot, parent, token);
    }
    counts[number]++;
    return number;
  }

  /** Another token was seen before this n-gram. */
  void continues(int number) {
    continuations[number]++;
  }

  /** How often it was seen. */
  int count(int number) {
    return counts[number];
  }

  /** Before how many tokens it has been: how many different ones were seen before it. */
  int continuations(int number) {
    return continuations[number];
  }

  /** Makes the sums over the n-grams; {@code parents} is how many different beginnings there may be. */
  void sum(int parents) {
    byCount = Sums.of(this.parents, counts, size, parents);
    byContinuation = Sums.of(this.parents, continuations, size, parents);
  }

  Sums byCount() {
    return byCount;
  }

  Sums byContinuation() {
    return byContinuation;
  }

  /** All that is to be remembered of it: four numbers for each n-gram. */
  int[] toArray() {
    int[] all = new int[4 * size];
    for (int i = 0; i < size; i++) {
      all[4 * i] = parents[i];
      all[4 * i + 1] = tokens[i];
      all[4 * i + 2] = counts[i];
      all[4 * i + 3] = continuations[i];
    }
    return all;
  }

  static Level of(int[] all) {
    Level level = new Level();
    for (int i = 0; i < all.length; i += 4) {
      int number = level.insert(level.slot(all[i], all[i + 1]), all[i], all[i + 1]);
      level.counts[number] = all[i + 2];
      level.continuations[number] = all[i + 3];
    }
    return level;
  }

  private int slot(int parent, int token) {
    int mask = slots.length - 1;
    for (int slot = hash(parent, token) & mask; ; slot = slot + 1 & mask) {
      int number = slots[slot] - 1;
      if (number < 0 || tokens[number] == token && parents[number] == parent) {
        return slot;
      }
    }
  }

  private int insert(int slot, int parent, int token) {
    if (size == parents.length) {
      parents = Arrays.copyOf(parents, 2 * size);
      tokens = Arrays.copyOf(tokens, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
      continuations = Arrays.copyOf(continuations, 2 * size);
    }
    parents[size] = parent;
    tokens[size] = token;
    slots[slot] = ++size;
    if (2 * size > slots.length) {
      slots = new int[2 * slots.length];
      for (int number = 0; number < size; number++) {
        slots[slot(parents[number], tokens[number])] = number + 1;
      }
    }
    return size - 1;
  }

  private static int hash(int parent, int token) {
    long mixed = (parent * 0x9E3779B97F4A7C15L + token) * 0xD1B54A32D192ED03L;
    return (int) (mixed >>> 32);
  }

  /**
   * Sums over the n-grams with the same beginning, of their counts or of their continuations.
   *
   * @param sums by beginning
   * @param types how many of them are above 0, by beginning
   * @param discount what Kneser-Ney takes from each
   */
  record Sums(long[] sums, int[] types, double discount) {
    private static Sums of(int[] parents, int[] values, int size, int beginnings) {
      long[] sums = new long[beginnings];
      int[] types = new int[beginnings];
      long once = 0;
      long twice = 0;
      for (int i = 0; i < size; i++) {
        sums[parents[i]] += values[i];
        types[parents[i]] += values[i] > 0 ? 1 : 0;
        once += values[i] == 1 ? 1 : 0;
        twice += values[i] == 2 ? 1 : 0;
      }
      // Where none comes once nothing would be left for what was never seen: none is taken for a half.
      double n1 = Math.max(once, 0.5);
      double n2 = Math.max(twice, 0.5);
      return new Sums(sums, types, n1 / (n1 + 2 * n2));
    }
  }
}
