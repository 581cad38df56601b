package io.trainyard.spi;

/** One pass over the data. */
public interface Epoch {
  /** Counted from 1. */
  int number();

  /** Steps of this epoch that are done: 0 at its start, but where this attempt resumes in its middle. */
  int done();

  /**
   * The blocks of this epoch, at most once per epoch; those that are left where this attempt resumes in its middle. A
   * block never crosses the end of the epoch. The iteration ends early when a stop is asked for.
   *
   * @param count steps in the epoch, at least 1
   * @param maxBlock the largest block, at least 1
   */
  Iterable<Steps> steps(int count, int maxBlock);
}
