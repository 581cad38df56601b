package io.trainyard.toolkit;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The mean loss over some examples: model and loss in one. Called once for each graph in which it is needed. */
@FunctionalInterface
public interface Objective {
  /** A scalar. */
  Operand<TFloat32> loss(Ops tf, Data.Batch batch);
}
