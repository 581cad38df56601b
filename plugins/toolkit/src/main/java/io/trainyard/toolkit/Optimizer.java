package io.trainyard.toolkit;

import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** How a variable changes by a gradient of the mean loss. Called once for each variable. */
@FunctionalInterface
public interface Optimizer {
  Op update(Ops tf, Variable variable, Operand<TFloat32> gradient);

  /** Plain gradient descent, by TensorFlow's own operation. */
  static Optimizer sgd(double learningRate) {
    return (tf, variable, gradient) ->
        tf.train.resourceApplyGradientDescent(variable.handle(tf), tf.constant((float) learningRate), gradient);
  }
}
