package io.trainyard.toolkit;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat32;

/**
 * An objective in the graph of a training step. Used by the thread that builds graphs.
 *
 * @param means scalars, each a mean over the batch: the loss, then whatever else is to be known of it
 * @param derivatives how the loss changes with each variable
 * @param updates what the step changes besides the variables that are trained
 */
public record Pass(List<Operand<TFloat32>> means, Derivatives derivatives, List<Op> updates) {
  public Pass {
    means = List.copyOf(means);
    updates = List.copyOf(updates);
  }

  /** One whose gradients are TensorFlow's own, and that changes nothing else. */
  public static Pass of(List<Operand<TFloat32>> means) {
    return new Pass(means, Pass::derive, List.of());
  }

  private static List<Operand<TFloat32>> derive(Ops tf, Operand<TFloat32> loss, List<Operand<TFloat32>> reads) {
    Gradients gradients = Gradients.create(tf.scope(), loss, reads);
    List<Operand<TFloat32>> each = new ArrayList<>();
    for (int i = 0; i < reads.size(); i++) {
      each.add(gradients.dy(i));
    }
    return each;
  }

  /** How gradients are taken. */
  @FunctionalInterface
  public interface Derivatives {
    /**
     * The gradients of the loss.
     *
     * @param reads the values of the variables, as {@link Variable#read} gives them in this graph
     */
    List<Operand<TFloat32>> of(Ops tf, Operand<TFloat32> loss, List<Operand<TFloat32>> reads);
  }
}
