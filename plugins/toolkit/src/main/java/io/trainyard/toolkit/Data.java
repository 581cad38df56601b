package io.trainyard.toolkit;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;

/**
 * Examples that lie in TensorFlow, so that a step moves the numbers of its rows and no data.
 *
 * @param <B> what a step gets of them
 */
public interface Data<B> {
  /** How many examples. */
  int size();

  /** Those of these numbers, in this order, as operations; called while a graph is built. */
  B rows(Ops tf, Operand<TInt32> rows);
}
