package io.trainyard.toolkit.recurrent;

import io.trainyard.spi.Run;
import io.trainyard.spi.Task;
import io.trainyard.spi.TaskSpec;
import io.trainyard.testkit.RecordingRun;
import io.trainyard.toolkit.Noise;
import io.trainyard.toolkit.Trainer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Models that are known exactly, to be evaluated and asked: what follows depends on the last token alone. */
final class Asking {
  private Asking() {}

  /** With a trainer of no training. */
  static void with(Trainer.Body body) throws Exception {
    Task task =
        new Task() {
          @Override
          public TaskSpec spec() {
            return TaskSpec.of("asking", "Asking");
          }

          @Override
          public void train(Run run) throws Exception {
            Trainer.with(run, body);
          }
        };
    new RecordingRun(task).train();
  }

  /** One with these logits: a row for the token that was read, a column for the one that follows. */
  static TokenModel model(float[][] logits) {
    return new TokenModel() {
      @Override
      public Layout layout() {
        return new Layout(Cell.RNN_TANH, logits.length, 1, 1, false);
      }

      @Override
      public Logits read(
          Ops tf, Operand<TInt32> tokens, @Nullable State<TFloat32> state, Noise noise, Tape<TFloat32> tape) {
        Operand<TInt32> column = Shapes.reshape(tf, Shapes.swap(tf, tokens), -1);
        long batch = tokens.shape().get(0);
        // What it remembers is how many steps it has read.
        Operand<TFloat32> before = state == null ? tf.zeros(tf.constant(new long[] {1, batch, 1}), TFloat32.class) : state.hidden();
        Operand<TFloat32> after = tf.math.add(before, tf.constant((float) tokens.shape().get(1)));
        return new Logits(tf.gather(tf.constant(logits), column, tf.constant(0)), new State<>(after, null));
      }

      @Override
      public Operand<TFloat32> first(Ops tf) {
        return tf.constant(new float[logits.length]);
      }
    };
  }

  /** The perplexity of a text. */
  static double perplexity(float[][] logits, int[] text, int steps) throws Exception {
    double[] found = new double[1];
    with(
        trainer -> {
          try (HeldOut heldOut = new HeldOut(trainer, model(logits), text, logits.length, steps)) {
            found[0] = heldOut.perplexity();
          }
        });
    return found[0];
  }

  /** Alike in each row. */
  static float[][] rows(float... row) {
    float[][] rows = new float[row.length][];
    Arrays.fill(rows, row);
    return rows;
  }
}
