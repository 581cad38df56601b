package io.trainyard.toolkit;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * Data in a variable of TensorFlow, found by its name, one example a row. Used by the thread that builds graphs.
 *
 * <p>It is gathered from the variable itself: to read the variable first would pin its buffer for as long as a step is
 * on.
 */
public record Table<T extends TType>(String name, Shape shape, Class<T> type) {
  Operand<? extends TType> handle(Ops tf) {
    return tf.varHandleOp(type, shape, VarHandleOp.sharedName(name));
  }

  /** Those of these numbers, in their shape; a number that is out of range is an error on a CPU, and 0 on a GPU. */
  public Operand<T> rows(Ops tf, Operand<TInt32> rows) {
    return tf.resourceGather(handle(tf), rows, type);
  }
}
