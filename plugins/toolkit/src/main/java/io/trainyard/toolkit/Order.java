package io.trainyard.toolkit;

import java.util.Random;

/**
 * The order in which an epoch reads the examples: shuffled anew for each, and the same for the same seed on any JDK.
 * One thread.
 */
public final class Order {
  private final int[] rows;
  private final long seed;

  public Order(int size, long seed) {
    this.rows = new int[size];
    this.seed = seed;
  }

  /**
   * Row numbers in the order of an epoch; the array is reused. Depends on the seed and the epoch alone, not on epochs
   * before.
   */
  public int[] of(int epoch) {
    // java.util.Random's sequence is part of its specification; SplittableRandom's is not.
    Random random = new Random(Seeds.of(seed, "order", epoch));
    for (int i = 0; i < rows.length; i++) {
      int j = random.nextInt(i + 1);
      rows[i] = rows[j];
      rows[j] = i;
    }
    return rows;
  }
}
