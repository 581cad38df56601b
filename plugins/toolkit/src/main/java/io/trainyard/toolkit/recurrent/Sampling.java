package io.trainyard.toolkit.recurrent;

import io.trainyard.spi.InvalidDataException;
import io.trainyard.toolkit.Order;
import io.trainyard.toolkit.Seeds;
import java.util.Locale;
import java.util.Random;

/**
 * How an epoch cuts n tokens into pieces of s, and puts B of them into a batch: the ways of the course. Pure; all
 * divisions are whole ones. A piece is named by its start, and its labels are the tokens from one later on.
 */
public enum Sampling {
  /** The starts 0, s, 2s, ..., of which there are (n-1)/s, shuffled anew for each epoch. */
  RANDOM {
    @Override
    int needs(int batch, int steps) {
      return Math.addExact(Math.multiplyExact(batch, steps), 1);
    }

    @Override
    int[] starts(int tokens, int batch, int steps, long seed, int epoch) {
      return shuffled(0, (tokens - 1) / steps, steps, seed, epoch);
    }
  },

  /** The same from an offset on that each epoch draws from 0 to s-1, as the course's later edition has it. */
  RANDOM_OFFSET {
    @Override
    int needs(int batch, int steps) {
      return Math.multiplyExact(Math.addExact(batch, 1), steps);
    }

    @Override
    int[] starts(int tokens, int batch, int steps, long seed, int epoch) {
      int offset = new Random(Seeds.of(seed, "offset", epoch)).nextInt(steps);
      return shuffled(offset, (tokens - 1 - offset) / steps, steps, seed, epoch);
    }
  },

  /** B rows of n/B tokens, read from left to right in (n/B - 1)/s batches; the state is carried on from each to the next. */
  CONSECUTIVE {
    @Override
    int needs(int batch, int steps) {
      return Math.multiplyExact(batch, Math.addExact(steps, 1));
    }

    @Override
    int[] starts(int tokens, int batch, int steps, long seed, int epoch) {
      int row = tokens / batch;
      int[] starts = new int[(row - 1) / steps * batch];
      for (int i = 0; i < starts.length; i++) {
        starts[i] = i % batch * row + i / batch * steps;
      }
      return starts;
    }
  };

  /** The fewest tokens of which each epoch has a whole batch. */
  abstract int needs(int batch, int steps);

  /** Where the pieces of an epoch start, batch after batch. */
  abstract int[] starts(int tokens, int batch, int steps, long seed, int epoch);

  /** By the name that people type: {@code random_offset}. */
  public static Sampling named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /**
   * Refuses a corpus that is too short for a batch.
   *
   * @throws InvalidDataException with the numbers
   */
  void check(int tokens, int batch, int steps) {
    long needed;
    try {
      needed = needs(batch, steps);
    } catch (ArithmeticException e) {
      needed = Long.MAX_VALUE;
    }
    if (tokens < needed) {
      throw new InvalidDataException(
          "the text to train on has " + tokens + " tokens, but a batch of batch_size " + batch + " and num_steps " + steps
              + ", with sampling " + name().toLowerCase(Locale.ROOT) + ", takes "
              + (needed == Long.MAX_VALUE ? "more than 2 billion" : "at least " + needed)
              + "; make batch_size or num_steps smaller, or take a longer text");
    }
  }

  private static int[] shuffled(int offset, int count, int steps, long seed, int epoch) {
    int[] starts = new Order(count, seed).of(epoch);
    for (int i = 0; i < count; i++) {
      starts[i] = offset + starts[i] * steps;
    }
    return starts;
  }
}
