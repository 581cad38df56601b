package io.trainyard.toolkit.recurrent;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/**
 * What a recurrent layer gives. Used by the thread that builds graphs.
 *
 * @param rows h of the last layer, all steps below each other: shape (steps * batch, directions * hidden)
 * @param state after the last step; of the other direction after the first
 */
public record Output<T extends TNumber>(int steps, int batch, Operand<T> rows, State<T> state) {
  /** Shape (steps, batch, directions * hidden). */
  public Operand<T> timeFirst(Ops tf) {
    return Shapes.reshape(tf, rows, steps, batch, rows.shape().get(1));
  }

  /** Shape (batch, steps, directions * hidden). */
  public Operand<T> batchFirst(Ops tf) {
    return Shapes.swap(tf, timeFirst(tf));
  }
}
