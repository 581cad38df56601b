package io.trainyard.toolkit.recurrent;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

/** Cuts and joins tensors whose shapes are known; called while a graph is built. */
final class Shapes {
  private Shapes() {}

  /** (rows, parts * columns) into parts of (rows, columns). */
  static <T extends TNumber> List<Operand<T>> columns(Ops tf, Operand<T> whole, int parts) {
    return parts == 1 ? List.of(whole) : List.copyOf(tf.split(tf.constant(1), whole, (long) parts).output());
  }

  /** (parts * rows, columns) into parts of (rows, columns); they share the memory of the whole. */
  static <T extends TNumber> List<Operand<T>> rows(Ops tf, Operand<T> whole, int parts) {
    return parts == 1 ? List.of(whole) : List.copyOf(tf.split(tf.constant(0), whole, (long) parts).output());
  }

  /** (n, ...) into n without the first dimension. */
  static <T extends TNumber> List<Operand<T>> unstack(Ops tf, Operand<T> whole) {
    return List.copyOf(tf.unstack(whole, whole.shape().get(0)).output());
  }

  static <T extends TType> Operand<T> reshape(Ops tf, Operand<T> values, long... shape) {
    return tf.reshape(values, tf.constant(shape));
  }

  /** The first two dimensions change places. */
  static <T extends TType> Operand<T> swap(Ops tf, Operand<T> values) {
    List<Integer> order = new ArrayList<>(List.of(1, 0));
    for (int i = 2; i < values.rank(); i++) {
      order.add(i);
    }
    return tf.linalg.transpose(values, tf.constant(order.stream().mapToInt(it -> it).toArray()));
  }

  /**
   * Tokens as vectors with a one at the token's place: (batch, steps) gives (steps, batch, size).
   *
   * <p>An index out of range is an error when the graph runs: TensorFlow's one-hot would be all zeros there.
   */
  static <T extends TNumber> Operand<T> oneHot(Ops tf, Operand<TInt32> tokens, int size, Class<T> type) {
    Operand<TInt32> low = tf.reduceMin(tokens, tf.constant(new int[] {0, 1}));
    Operand<TInt32> high = tf.reduceMax(tokens, tf.constant(new int[] {0, 1}));
    Ops checked =
        tf.withControlDependencies(
            tf.assertThat(
                tf.math.logicalAnd(
                    tf.math.greaterEqual(low, tf.constant(0)), tf.math.less(high, tf.constant(size))),
                List.of(
                    tf.constant("a token is not in the range 0 to " + (size - 1) + "; the smallest and the largest:"),
                    low,
                    high)));
    Operand<T> one = tf.dtypes.cast(tf.constant(1f), type);
    Operand<T> zero = tf.dtypes.cast(tf.constant(0f), type);
    return checked.oneHot(swap(tf, tokens), tf.constant(size), one, zero);
  }
}
