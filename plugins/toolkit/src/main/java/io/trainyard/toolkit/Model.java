package io.trainyard.toolkit;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** What gives an output for each row of the inputs; called once for each graph in which it is needed. */
@FunctionalInterface
public interface Model {
  /**
   * The output's operations.
   *
   * @param noise for what is random while it trains, like dropout
   */
  Operand<TFloat32> output(Ops tf, Operand<TFloat32> inputs, Noise noise);
}
