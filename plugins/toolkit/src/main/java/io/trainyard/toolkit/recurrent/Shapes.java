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

  /** (..., parts * columns) into parts of (..., columns). */
  static <T extends TNumber> List<Operand<T>> columns(Ops tf, Operand<T> whole, int parts) {
    Operand<TInt32> last = tf.constant(whole.rank() - 1);
    return parts == 1 ? List.of(whole) : List.copyOf(tf.split(last, whole, (long) parts).output());
  }

  /** (parts * rows, columns) into parts of (rows, columns); they share the memory of the whole. */
  static <T extends TNumber> List<Operand<T>> rows(Ops tf, Operand<T> whole, int parts) {
    return parts == 1 ? List.of(whole) : List.copyOf(tf.split(tf.constant(0), whole, (long) parts).output());
  }

  /** (n, ...) into n without the first dimension. */
  static <T extends TNumber> List<Operand<T>> unstack(Ops tf, Operand<T> whole) {
    return List.copyOf(tf.unstack(whole, whole.shape().get(0)).output());
  }

  /** Below each other. */
  static <T extends TNumber> Operand<T> below(Ops tf, List<Operand<T>> parts) {
    return parts.size() == 1 ? parts.get(0) : tf.concat(parts, tf.constant(0));
  }

  /** Side by side. */
  static <T extends TNumber> Operand<T> beside(Ops tf, List<Operand<T>> parts) {
    return parts.size() == 1 ? parts.get(0) : tf.concat(parts, tf.constant(1));
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
}
