package io.trainyard.linreg;

import io.trainyard.toolkit.Losses;
import io.trainyard.toolkit.Optimizer;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Loss and optimizer written out; called while a graph is built. */
final class Scratch {
  private Scratch() {}

  /** The mean of (prediction - label)² / 2. */
  static Operand<TFloat32> halfSquares(Ops tf, Operand<TFloat32> predictions, Operand<TFloat32> labels) {
    Losses.sameShape(predictions, labels);
    Operand<TFloat32> error = tf.math.sub(predictions, labels);
    return Losses.mean(tf, tf.math.div(tf.math.square(error), tf.constant(2f)));
  }

  /** w -= rate * gradient; the gradient is of the mean, that is of the sum divided by the batch. */
  static Optimizer sgd(double learningRate) {
    return (tf, variable, gradient, step) ->
        tf.assignSubVariableOp(variable.handle(tf), tf.math.mul(gradient, tf.constant((float) learningRate)));
  }
}
