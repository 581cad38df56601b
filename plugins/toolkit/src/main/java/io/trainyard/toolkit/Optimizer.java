package io.trainyard.toolkit;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * How a variable changes by a gradient of the mean loss. Called once for each variable and graph.
 *
 * <p>The updates are TensorFlow's own operations: each is one pass over the numbers. What an optimizer remembers of a
 * variable is in {@link Variable#slot slots}, which are saved with it; Adam's count of steps is the step's own number.
 */
@FunctionalInterface
public interface Optimizer {
  /**
   * The operation that changes the variable.
   *
   * @param step its number, from 1
   */
  Op update(Ops tf, Variable variable, Operand<TFloat32> gradient, Operand<TInt64> step);

  /** What it remembers of each variable; all begin with 0. */
  default List<String> slots() {
    return List.of();
  }

  /** {@code sgd}, {@code momentum} (0.9) or {@code adam}. */
  static Optimizer named(String name, double learningRate) {
    return switch (name) {
      case "sgd" -> sgd(learningRate);
      case "momentum" -> momentum(learningRate, 0.9);
      case "adam" -> adam(learningRate);
      default -> throw new IllegalArgumentException("there is no optimizer " + name + ", only sgd, momentum and adam");
    };
  }

  /** Plain gradient descent: w -= rate * gradient. */
  static Optimizer sgd(double learningRate) {
    return (tf, variable, gradient, step) ->
        tf.train.resourceApplyGradientDescent(variable.handle(tf), tf.constant((float) learningRate), gradient);
  }

  /** v = momentum * v + gradient; w -= rate * v. */
  static Optimizer momentum(double learningRate, double momentum) {
    return new Remembering(
        List.of("momentum"),
        (tf, variable, gradient, step) ->
            tf.train.resourceApplyMomentum(
                variable.handle(tf),
                variable.slot("momentum").handle(tf),
                tf.constant((float) learningRate),
                gradient,
                tf.constant((float) momentum)));
  }

  /** Adam with its paper's constants (0.9, 0.999, 1e-8). */
  static Optimizer adam(double learningRate) {
    float beta1 = 0.9f;
    float beta2 = 0.999f;
    return new Remembering(
        List.of("adam_m", "adam_v"),
        (tf, variable, gradient, step) -> {
          Operand<TFloat32> t = tf.dtypes.cast(step, TFloat32.class);
          return tf.train.resourceApplyAdam(
              variable.handle(tf),
              variable.slot("adam_m").handle(tf),
              variable.slot("adam_v").handle(tf),
              tf.math.pow(tf.constant(beta1), t),
              tf.math.pow(tf.constant(beta2), t),
              tf.constant((float) learningRate),
              tf.constant(beta1),
              tf.constant(beta2),
              tf.constant(1e-8f),
              gradient);
        });
  }

  /**
   * Makes the weights smaller by {@code learningRate * decay} of themselves at each step, beside the update and not by
   * way of the loss (AdamW's way): so neither the loss nor the gradient's norm contains it, and Adam does not scale it
   * away. Biases (variables of one dimension) are left alone.
   */
  default Optimizer decay(double learningRate, double decay) {
    if (decay == 0) {
      return this;
    }
    return new Remembering(
        slots(),
        (tf, variable, gradient, step) -> {
          if (variable.shape().numDimensions() < 2) {
            return update(tf, variable, gradient, step);
          }
          Operand<TFloat32> less = tf.math.mul(variable.read(tf), tf.constant((float) (learningRate * decay)));
          Op shrink = tf.assignSubVariableOp(variable.handle(tf), less);
          return update(tf.withControlDependencies(shrink), variable, gradient, step);
        });
  }

  /** One with slots. */
  record Remembering(List<String> slots, Optimizer how) implements Optimizer {
    @Override
    public Op update(Ops tf, Variable variable, Operand<TFloat32> gradient, Operand<TInt64> step) {
      return how.update(tf, variable, gradient, step);
    }
  }
}
