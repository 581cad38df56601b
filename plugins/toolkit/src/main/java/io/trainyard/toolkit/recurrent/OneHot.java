package io.trainyard.toolkit.recurrent;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Tokens as vectors with a one at the token's place and zeros elsewhere. Called while a graph is built. */
public final class OneHot {
  private OneHot() {}

  /**
   * (batch, steps) gives (steps, batch, size).
   *
   * <p>An index out of range is an error when the graph runs: TensorFlow's own one-hot is all zeros there, and trains to
   * nonsense without a word.
   */
  public static Operand<TFloat32> of(Ops tf, Operand<TInt32> tokens, int size) {
    Operand<TInt32> low = tf.reduceMin(tokens, tf.constant(new int[] {0, 1}));
    Operand<TInt32> high = tf.reduceMax(tokens, tf.constant(new int[] {0, 1}));
    Ops checked =
        tf.withControlDependencies(
            tf.assertThat(
                tf.math.logicalAnd(tf.math.greaterEqual(low, tf.constant(0)), tf.math.less(high, tf.constant(size))),
                List.of(
                    tf.constant("tokens must be 0 to " + (size - 1) + "; the smallest and the largest:"), low, high)));
    return checked.oneHot(Shapes.swap(tf, tokens), tf.constant(size), tf.constant(1f), tf.constant(0f));
  }
}
