package io.trainyard.toolkit;

import io.trainyard.spi.Metric;
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

  /** How an epoch goes through them: each once, in an order of its own, unless the data has another way. */
  default Sampler sampler(long seed) {
    return new Order(size(), seed)::of;
  }

  /** The metric that says how fast an epoch was. */
  default Metric rate() {
    return Trainer.RATE;
  }

  /** How many of what {@link #rate} counts are in a row. */
  default int each() {
    return 1;
  }
}
