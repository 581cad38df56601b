package io.trainyard.toolkit;

import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Losses, each a mean over the batch; called while a graph is built. */
public final class Losses {
  private Losses() {}

  /** The mean of (prediction - label)². */
  public static Operand<TFloat32> meanSquaredError(Ops tf, Operand<TFloat32> predictions, Operand<TFloat32> labels) {
    sameShape(predictions, labels);
    return mean(tf, tf.math.squaredDifference(predictions, labels));
  }

  /**
   * The mean of -log(softmax(logits)[label]), computed from the logits in one operation: exact however large they are.
   *
   * @param logits shape (n, classes)
   * @param labels numbers of classes, shape (n, 1)
   */
  public static Operand<TFloat32> crossEntropy(Ops tf, Operand<TFloat32> logits, Operand<TInt32> labels) {
    oneLabelARow(logits, labels);
    Operand<TFloat32> wanted =
        tf.oneHot(
            tf.squeeze(labels, Squeeze.axis(List.of(1L))),
            tf.constant((int) logits.shape().get(1)),
            tf.constant(1f),
            tf.constant(0f));
    return mean(tf, tf.nn.softmaxCrossEntropyWithLogits(logits, wanted).loss());
  }

  /**
   * From each row the value in the column that its label says.
   *
   * @param values shape (n, classes)
   * @param labels numbers of columns, shape (n, 1)
   * @return shape (n, 1)
   */
  public static Operand<TFloat32> pick(Ops tf, Operand<TFloat32> values, Operand<TInt32> labels) {
    oneLabelARow(values, labels);
    Operand<TInt32> n = tf.slice(tf.shape(values), tf.constant(new int[] {0}), tf.constant(new int[] {1}));
    Operand<TInt32> row = tf.range(tf.constant(0), tf.reshape(n, tf.constant(new int[0])), tf.constant(1));
    Operand<TInt32> rows = tf.reshape(row, tf.constant(new int[] {-1, 1}));
    return tf.gatherNd(values, tf.stack(List.of(rows, labels), Stack.axis(2L)));
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
    if (!fits(predictions.shape(), labels.shape())) {
      throw new IllegalArgumentException(
          "labels have the shape " + labels.shape() + ", but predictions " + predictions.shape()
              + "; reshape the labels, they are not broadcast");
    }
  }

  /**
   * Refuses labels that are not one for each row of the predictions.
   *
   * @throws IllegalArgumentException with both shapes
   */
  public static void oneLabelARow(Operand<?> predictions, Operand<?> labels) {
    Shape p = predictions.shape();
    if (p.numDimensions() != 2 || !fits(Shape.of(p.get(0), 1), labels.shape())) {
      throw new IllegalArgumentException(
          "labels have the shape " + labels.shape() + ", but predictions " + p
              + "; predictions of the shape (n, classes) want labels (n, 1), they are not broadcast");
    }
  }

  private static boolean fits(Shape a, Shape b) {
    boolean same = a.numDimensions() == b.numDimensions();
    for (int i = 0; same && i < a.numDimensions(); i++) {
      same = a.get(i) == b.get(i) || a.get(i) == Shape.UNKNOWN_SIZE || b.get(i) == Shape.UNKNOWN_SIZE;
    }
    return same;
  }
}
