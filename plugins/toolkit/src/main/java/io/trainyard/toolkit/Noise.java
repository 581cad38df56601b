package io.trainyard.toolkit;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * Where a model's random numbers come from while it trains; in an evaluation there are none. Used by the thread that
 * builds graphs, one instance for each time that a model is built.
 *
 * <p>They depend on the run's seed, the number of the step and the place in the model, and on nothing that was before:
 * so a training that is resumed draws the same ones, and there is no state to save.
 */
public final class Noise {
  private final long seed;
  private final @Nullable Operand<TInt64> step;
  private int places;

  private Noise(long seed, @Nullable Operand<TInt64> step) {
    this.seed = seed;
    this.step = step;
  }

  /** For an evaluation. */
  public static Noise none() {
    return new Noise(0, null);
  }

  static Noise of(long seed, Operand<TInt64> step) {
    return new Noise(seed, step);
  }

  /**
   * Leaves out each value with this probability, and makes the others larger, so that the mean stays; leaves all as
   * they are in an evaluation.
   */
  public Operand<TFloat32> dropout(Ops tf, Operand<TFloat32> values, double rate) {
    if (step == null || rate == 0) {
      return values;
    }
    Operand<TInt64> place = tf.constant(Seeds.of(seed, "dropout", places++));
    Operand<TFloat32> drawn = tf.random.statelessRandomUniform(tf.shape(values), tf.stack(List.of(place, step)));
    Operand<TFloat32> larger = tf.math.mul(values, tf.constant((float) (1 / (1 - rate))));
    return tf.select(tf.math.greaterEqual(drawn, tf.constant((float) rate)), larger, tf.zerosLike(values));
  }
}
