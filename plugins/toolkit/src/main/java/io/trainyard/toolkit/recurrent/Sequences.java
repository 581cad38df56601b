package io.trainyard.toolkit.recurrent;

import io.trainyard.spi.Metric;
import io.trainyard.toolkit.Data;
import io.trainyard.toolkit.Sampler;
import io.trainyard.toolkit.Table;
import io.trainyard.toolkit.Trainer;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;

/**
 * A text to train on: the numbers of its tokens lie in TensorFlow, on the device that trains, and a row of a batch is
 * the place where a piece of it starts. Used by the thread that trains.
 */
public final class Sequences implements Data<Window> {
  /** How fast the steps of an epoch were, without what comes after them. */
  public static final Metric RATE = Metric.rate("train/tokens_per_second");

  private final Table<TInt32> table;
  private final int tokens;
  private final Sampling sampling;
  private final int batch;
  private final int steps;

  /**
   * Puts the text into TensorFlow.
   *
   * @param vocabulary all tokens are below it
   * @throws io.trainyard.spi.InvalidDataException if it is too short for a batch
   * @throws IndexOutOfBoundsException if a token is not of the vocabulary
   */
  public Sequences(Trainer trainer, int[] text, int vocabulary, Sampling sampling, int batch, int steps) {
    sampling.check(text.length, batch, steps);
    inRange(text, vocabulary);
    this.table = trainer.numbers(text);
    this.tokens = text.length;
    this.sampling = sampling;
    this.batch = batch;
    this.steps = steps;
  }

  /** Refuses a token that the vocabulary has not: gathering would give an error without a place, or 0 on a GPU. */
  static void inRange(int[] text, int vocabulary) {
    for (int i = 0; i < text.length; i++) {
      if (text[i] < 0 || text[i] >= vocabulary) {
        throw new IndexOutOfBoundsException(
            "token " + text[i] + " at place " + i + " of the text is not in the vocabulary's range, 0 to "
                + (vocabulary - 1));
      }
    }
  }

  /** Pieces that start at these places. */
  static Window windows(Ops tf, Table<TInt32> table, Operand<TInt32> starts, int steps) {
    Operand<TInt32> from = tf.expandDims(starts, tf.constant(1));
    Operand<TInt32> inputs = tf.math.add(from, tf.constant(IntStream.range(0, steps).toArray()));
    return new Window(table.rows(tf, inputs), table.rows(tf, tf.math.add(inputs, tf.constant(1))));
  }

  public int batch() {
    return batch;
  }

  public int steps() {
    return steps;
  }

  public Sampling sampling() {
    return sampling;
  }

  @Override
  public int size() {
    return sampling == Sampling.CONSECUTIVE ? (tokens / batch - 1) / steps * batch : (tokens - 1) / steps;
  }

  @Override
  public Window rows(Ops tf, Operand<TInt32> rows) {
    return windows(tf, table, rows, steps);
  }

  @Override
  public Sampler sampler(long seed) {
    return epoch -> sampling.starts(tokens, batch, steps, seed, epoch);
  }

  @Override
  public Metric rate() {
    return RATE;
  }

  @Override
  public int each() {
    return steps;
  }
}
