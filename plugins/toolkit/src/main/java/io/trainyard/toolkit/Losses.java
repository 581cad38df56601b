package io.trainyard.toolkit;

import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Losses, each a mean over the batch; called while a graph is built. */
public final class Losses {
  private Losses() {}

  /** The mean of (prediction - label)². */
  public static Operand<TFloat32> meanSquaredError(Ops tf, Operand<TFloat32> predictions, Operand<TFloat32> labels) {
    sameShape(predictions, labels);
    return mean(tf, tf.math.squaredDifference(predictions, labels));
  }

  /** The mean of all elements, as a scalar. */
  public static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> values) {
    return tf.math.mean(values, tf.constant(IntStream.range(0, values.rank()).toArray()));
  }

  /**
   * Refuses labels of another shape than the predictions: (n, 1) minus (n) is (n, n) by broadcasting, and trains to
   * nonsense without a word.
   *
   * @throws IllegalArgumentException with both shapes; a size that is not known yet (-1) fits any
   */
  public static void sameShape(Operand<?> predictions, Operand<?> labels) {
    Shape p = predictions.shape();
    Shape l = labels.shape();
    boolean same = p.numDimensions() == l.numDimensions();
    for (int i = 0; same && i < p.numDimensions(); i++) {
      same = p.get(i) == l.get(i) || p.get(i) == Shape.UNKNOWN_SIZE || l.get(i) == Shape.UNKNOWN_SIZE;
    }
    if (!same) {
      throw new IllegalArgumentException(
          "labels have the shape " + l + ", but predictions " + p + "; reshape the labels, they are not broadcast");
    }
  }
}
