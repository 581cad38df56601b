package io.trainyard.toolkit;

/** Trains steps of one size of batch: a shape of the loop. Used by the thread that trains; holds native memory. */
interface Stepper extends AutoCloseable {
  /** The most steps that one call takes, and so how soon a stop is seen. */
  int most();

  /**
   * Trains some steps.
   *
   * @param order row numbers; those of the first batch begin at {@code from}
   * @param first the number of the first step
   * @param steps at most {@link #most()}
   * @param records gets the numbers of each step, one step after the other, from {@code at} on
   */
  void run(int[] order, int from, long first, int steps, float[] records, int at);

  @Override
  void close();
}
