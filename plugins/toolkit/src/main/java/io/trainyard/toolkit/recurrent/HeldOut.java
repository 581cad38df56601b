package io.trainyard.toolkit.recurrent;

import io.trainyard.spi.InvalidDataException;
import io.trainyard.toolkit.Losses;
import io.trainyard.toolkit.Noise;
import io.trainyard.toolkit.Stopped;
import io.trainyard.toolkit.Table;
import io.trainyard.toolkit.Trainer;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The perplexity of a model over a text that it is not trained on; built before the training and asked after each epoch,
 * by the thread that trains. Holds native memory.
 *
 * <p>Each token but the first is predicted once. The text is cut into {@value #ROWS} rows that are read side by side, each
 * from a state of zeros on that is carried to its end: one row would be exact to the last token and ten times as slow.
 */
public final class HeldOut implements AutoCloseable {
  /** As many as PyTorch's example of a word language model evaluates with. */
  static final int ROWS = 10;

  /** Batches between two looks for a stop: some 200 ms. */
  private static final int LOOK = 50;

  private final Trainer trainer;
  private final int predictions;
  private final int rows;
  private final int each;
  private final int steps;
  private final TInt32 starts;
  private final Placeholder<TInt32> feed;
  private final Operand<TFloat32> loss;
  private final List<Op> updates;
  private final Runnable zero;
  private final float[] losses;

  /**
   * Puts the text into TensorFlow.
   *
   * @param steps how many are read at once
   * @throws InvalidDataException if there is nothing to predict
   */
  public HeldOut(Trainer trainer, TokenModel model, int[] text, int vocabulary, int steps) {
    Sequences.inRange(text, vocabulary);
    this.trainer = trainer;
    this.predictions = text.length - 1;
    if (predictions < 1) {
      throw new InvalidDataException(
          "the text that is held out has " + text.length + " tokens, and at least 2 are needed to predict one; let"
              + " split be smaller, or 1 to hold out nothing");
    }
    this.rows = Math.min(ROWS, predictions);
    this.each = (predictions + rows - 1) / rows;
    this.steps = Math.min(steps, each);
    // The last row may be read beyond the end; what is predicted there is not counted.
    Table<TInt32> table = trainer.numbers(Arrays.copyOf(text, rows * each + this.steps + 1));
    Carried state = Carried.asked(trainer, "heldout", model.layout(), rows);
    Ops tf = trainer.tf();
    feed = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(rows)));
    Window window = Sequences.windows(tf, table, feed, this.steps);
    TokenModel.Logits logits = model.read(tf, window.inputs(), state.read(tf), Noise.none(), new Tape<>());
    // Not by one-hot labels: they make 0 times infinity of a token that is impossible and does not come.
    loss = tf.math.neg(Losses.pick(tf, tf.nn.logSoftmax(logits.rows()), NextToken.labels(tf, window)));
    updates = state.assign(tf, logits.state());
    starts = TInt32.tensorOf(Shape.of(rows));
    zero = trainer.zero(state.variables());
    losses = new float[rows * this.steps];
  }

  /** exp of the mean of -log P, over all tokens. */
  public double perplexity() {
    zero.run();
    Session.Runner runner = trainer.session().runner().feed(feed, starts).fetch(loss);
    updates.forEach(runner::addTarget);
    double total = 0;
    int[] from = new int[rows];
    for (int at = 0, batches = 0; at < each; at += steps, batches++) {
      if (batches > 0 && batches % LOOK == 0 && trainer.run().stopping()) {
        throw new Stopped("the evaluation of the held-out text");
      }
      for (int row = 0; row < rows; row++) {
        from[row] = row * each + at;
      }
      starts.asRawTensor().data().asInts().write(from);
      try (Result result = runner.run()) {
        result.get(0).asRawTensor().data().asFloats().read(losses);
      }
      for (int i = 0; i < losses.length; i++) {
        int place = at + i / rows;
        if (place < each && i % rows * each + place < predictions) {
          total += losses[i];
        }
      }
    }
    return Math.exp(total / predictions);
  }

  @Override
  public void close() {
    starts.close();
  }
}
