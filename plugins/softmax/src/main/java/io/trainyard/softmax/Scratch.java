package io.trainyard.softmax;

import io.trainyard.toolkit.Losses;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Softmax and cross entropy by their formulas; called while a graph is built.
 *
 * <p>As in a textbook, and as numerically naive: exp(89) is infinite as a float, and infinity divided by itself is NaN;
 * a probability that is rounded to 0 has an infinite loss. {@link Losses#crossEntropy} is exact for any logits.
 */
final class Scratch {
  private Scratch() {}

  /** exp(x), divided by the row's sum. */
  static Operand<TFloat32> softmax(Ops tf, Operand<TFloat32> logits) {
    Operand<TFloat32> exp = tf.math.exp(logits);
    return tf.math.div(exp, tf.reduceSum(exp, tf.constant(1), ReduceSum.keepDims(true)));
  }

  /** The mean of -log of the probability of the label, which is gathered: shape (n, 1). */
  static Operand<TFloat32> crossEntropy(Ops tf, Operand<TFloat32> logits, Operand<TInt32> labels) {
    Operand<TFloat32> probability = Losses.pick(tf, softmax(tf, logits), labels);
    return Losses.mean(tf, tf.math.neg(tf.math.log(probability)));
  }
}
