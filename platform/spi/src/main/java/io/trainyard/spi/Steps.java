package io.trainyard.spi;

/**
 * A block of consecutive steps that one call into TensorFlow trains.
 *
 * @param first the first step, counted from 1 over the whole run
 * @param count how many, at least 1
 */
public record Steps(long first, int count) {
  public Steps {
    if (count < 1) {
      throw new IllegalArgumentException("a block has at least 1 step, not " + count);
    }
  }

  /** The last step of this block. */
  public long last() {
    return first + count - 1;
  }
}
