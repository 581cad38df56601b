package io.trainyard.toolkit;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * What is to become small: model and loss in one. Called once for each graph in which it is needed.
 *
 * @param <B> what it gets of the examples
 */
@FunctionalInterface
public interface Objective<B> {
  /** Scalars, each a mean over the batch: the loss, then whatever else is to be known of it. */
  List<Operand<TFloat32>> means(Ops tf, B batch, Noise noise);

  /** The same for a step of a training. Another way to take gradients, or a state that is carried on, goes here. */
  default Pass pass(Ops tf, B batch, Noise noise) {
    return Pass.of(means(tf, batch, noise));
  }

  /** How many scalars that are. */
  default int count() {
    return 1;
  }
}
