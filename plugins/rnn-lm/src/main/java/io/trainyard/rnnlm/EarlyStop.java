package io.trainyard.rnnlm;

/** Says when a training has stopped becoming better. The thread that trains calls. */
final class EarlyStop {
  private static final int BEST = 0;
  private static final int SINCE = 1;

  private final int patience;

  /** The best value, and the epochs since; a checkpoint keeps it. */
  private final double[] memory = {Double.POSITIVE_INFINITY, 0};

  /**
   * @param patience epochs without a better value; 0 never ends it
   */
  EarlyStop(int patience) {
    this.patience = patience;
  }

  double[] memory() {
    return memory;
  }

  /** Takes the value of an epoch. */
  void after(double value) {
    if (value < memory[BEST]) {
      memory[BEST] = value;
      memory[SINCE] = 0;
    } else {
      memory[SINCE]++;
    }
  }

  boolean enough() {
    return patience > 0 && memory[SINCE] >= patience;
  }
}
