package io.trainyard.toolkit;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Examples that lie in TensorFlow, so that a step moves no data: inputs and labels, one a row.
 *
 * @param size how many examples
 */
public record Data(Variable inputs, Variable labels, int size) {
  /** All of it. */
  public Batch all(Ops tf) {
    return new Batch(inputs.read(tf), labels.read(tf));
  }

  Batch rows(Ops tf, Operand<TInt32> rows) {
    return new Batch(
        tf.resourceGather(inputs.handle(tf), rows, TFloat32.class),
        tf.resourceGather(labels.handle(tf), rows, TFloat32.class));
  }

  /** Some of the examples, as the operations of a step see them. The number of rows is known when the step runs. */
  public record Batch(Operand<TFloat32> inputs, Operand<TFloat32> labels) {}
}
