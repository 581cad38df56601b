package io.trainyard.ngramlm;

/**
 * Cuts a text into blocks, each counted in a step: enough of them that progress shows, small enough that a stop is
 * quick. Pure.
 */
record Blocks(int tokens, int count) {
  private static final int LEAST = 10;
  private static final int LARGEST = 100_000;

  static Blocks of(int tokens) {
    return new Blocks(tokens, Math.max(LEAST, (tokens + LARGEST - 1) / LARGEST));
  }

  /** The first token of a step's block; steps are counted from 1. */
  int start(long step) {
    return (int) (tokens * (step - 1) / count);
  }

  /** The token after the last one of a step's block. */
  int end(long step) {
    return start(step + 1);
  }

  double perSecond(long step, long nanos) {
    return (end(step) - start(step)) * 1e9 / Math.max(1, nanos);
  }
}
