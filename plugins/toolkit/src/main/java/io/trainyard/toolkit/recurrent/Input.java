package io.trainyard.toolkit.recurrent;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * What a layer reads, time first. Used by the thread that builds graphs.
 *
 * @param steps how many
 * @param batch rows of each
 * @param affine all of it times a matrix plus a row: shape (steps * batch, columns)
 */
public record Input<T extends TNumber>(int steps, int batch, Affine<T> affine) {
  /** Numbers of the shape (steps, batch, columns). */
  public static <T extends TNumber> Input<T> of(Ops tf, Operand<T> values) {
    int steps = (int) values.shape().get(0);
    int batch = (int) values.shape().get(1);
    return rows(steps, batch, Shapes.reshape(tf, values, (long) steps * batch, values.shape().get(2)));
  }

  /** The same, of the shape (batch, steps, columns). */
  public static <T extends TNumber> Input<T> batchFirst(Ops tf, Operand<T> values) {
    return of(tf, Shapes.swap(tf, values));
  }

  /**
   * Tokens of the shape (batch, steps), as if each were a vector with a one at its place and zeros elsewhere. A product
   * with such a vector is a row of the matrix, and is taken from it.
   */
  public static <T extends TNumber> Input<T> oneHot(Ops tf, Operand<TInt32> tokens) {
    int batch = (int) tokens.shape().get(0);
    int steps = (int) tokens.shape().get(1);
    Operand<TInt32> column = Shapes.reshape(tf, Shapes.swap(tf, tokens), (long) steps * batch);
    // The bias is added to the matrix: a pass over the vocabulary instead of one over all tokens.
    return new Input<>(steps, batch, (ops, w, b) -> ops.gather(ops.math.add(w, b), column, ops.constant(0)));
  }

  /** Tokens of the shape (batch, steps), each as its row of a matrix (vocabulary, columns). */
  public static <T extends TNumber> Input<T> embedded(Ops tf, Operand<TInt32> tokens, Operand<T> rows) {
    int batch = (int) tokens.shape().get(0);
    int steps = (int) tokens.shape().get(1);
    Operand<TInt32> column = Shapes.reshape(tf, Shapes.swap(tf, tokens), (long) steps * batch);
    return rows(steps, batch, tf.gather(rows, column, tf.constant(0)));
  }

  /** All steps below each other: (steps * batch, columns). */
  static <T extends TNumber> Input<T> rows(int steps, int batch, Operand<T> rows) {
    return new Input<>(steps, batch, (tf, w, b) -> tf.math.add(tf.linalg.matMul(rows, w), b));
  }

  /** x w + b. */
  @FunctionalInterface
  public interface Affine<T extends TNumber> {
    Operand<T> of(Ops tf, Operand<T> w, Operand<T> b);
  }
}
