package io.trainyard.toolkit;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * What a step does, to be built into whichever graph it runs in: rows, loss, gradients, norms, updates. Used by the
 * thread that trains.
 *
 * @param variables all that are trained
 * @param groups variables whose gradients are measured together; none to measure no gradient
 */
record Plan<B>(
    Data<B> data,
    Objective<B> objective,
    Optimizer optimizer,
    List<Variable> variables,
    List<List<Variable>> groups,
    long seed) {

  /** How many numbers a step records: the objective's, the norm over all, and each group's where there are several. */
  int width() {
    return objective.count() + (groups.isEmpty() ? 0 : groups.size() == 1 ? 1 : 1 + groups.size());
  }

  /** Weights times rows: what a step has to compute grows with it. */
  long work(int batch) {
    return batch * variables.stream().mapToLong(it -> it.shape().size()).sum();
  }

  /**
   * The operations of a step.
   *
   * @param number the step's, from 1
   */
  Step build(Ops tf, Operand<TInt32> rows, Operand<TInt64> number) {
    List<Operand<TFloat32>> record =
        new ArrayList<>(objective.means(tf, data.rows(tf, rows), Noise.of(seed, number)));
    List<Operand<TFloat32>> reads = new ArrayList<>();
    variables.forEach(it -> reads.add(it.read(tf)));
    Gradients gradients = Gradients.create(tf.scope(), record.get(0), reads);

    List<Op> updates = new ArrayList<>();
    List<Operand<TFloat32>> squares = new ArrayList<>();
    for (int i = 0; i < variables.size(); i++) {
      Operand<TFloat32> gradient = gradients.dy(i);
      if (!groups.isEmpty()) {
        squares.add(tf.nn.l2Loss(gradient));
      }
      updates.add(optimizer.update(tf, variables.get(i), gradient, number));
    }
    if (!groups.isEmpty()) {
      record.add(norm(tf, squares));
      for (int g = 0; groups.size() > 1 && g < groups.size(); g++) {
        record.add(norm(tf, groups.get(g).stream().map(it -> squares.get(variables.indexOf(it))).toList()));
      }
    }
    return new Step(tf.stack(record), updates);
  }

  /** l2Loss is half of the sum of squares. */
  private static Operand<TFloat32> norm(Ops tf, List<Operand<TFloat32>> halves) {
    return tf.math.sqrt(tf.math.mul(tf.constant(2f), tf.math.addN(halves)));
  }

  /**
   * A step in a graph.
   *
   * @param record a vector of {@link #width} numbers
   * @param updates what changes the variables
   */
  record Step(Operand<TFloat32> record, List<Op> updates) {}
}
