package io.trainyard.toolkit;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * What a step does, to be built into whichever graph it runs in: rows, loss, gradients, norms, clipping, updates. Used
 * by the thread that trains.
 *
 * @param variables all that are trained
 * @param groups variables whose gradients are measured together; none to measure no gradient
 * @param clip the norm over all gradients beyond which they are made smaller; 0 to leave them. They are measured then
 */
record Plan<B>(
    Data<B> data,
    Objective<B> objective,
    Optimizer optimizer,
    List<Variable> variables,
    List<Group> groups,
    double clip,
    long seed) {
  Plan {
    if (clip > 0 && groups.isEmpty()) {
      throw new IllegalArgumentException("gradients that are clipped are measured");
    }
  }

  /** How many numbers a step records: the objective's, the norm over all, and each group's where there are several. */
  int width() {
    return objective.count() + (groups.isEmpty() ? 0 : groups.size() == 1 ? 1 : 1 + groups.size());
  }

  /** Weights times rows, and times what is in a row: what a step has to compute grows with it. */
  long work(int batch) {
    return data.each() * workAtOnce(batch);
  }

  /** Weights times rows: of what is in a row one is computed after the other. */
  long workAtOnce(int batch) {
    return batch * variables.stream().mapToLong(it -> it.shape().size()).sum();
  }

  /** Weights times rows of the layer with the most weights. */
  long workOfLargest(int batch) {
    return batch * variables.stream().mapToLong(it -> it.shape().size()).max().orElse(0);
  }

  /**
   * The operations of a step.
   *
   * @param number the step's, from 1
   */
  Step build(Ops tf, Operand<TInt32> rows, Operand<TInt64> number) {
    Pass pass = objective.pass(tf, data.rows(tf, rows), Noise.of(seed, number));
    List<Operand<TFloat32>> record = new ArrayList<>(pass.means());
    List<Operand<TFloat32>> reads = new ArrayList<>();
    variables.forEach(it -> reads.add(it.read(tf)));
    List<Operand<TFloat32>> gradients = pass.derivatives().of(tf, pass.means().get(0), reads);
    if (!groups.isEmpty()) {
      List<Operand<TFloat32>> squares = new ArrayList<>();
      gradients.forEach(it -> squares.add(tf.nn.l2Loss(it)));
      Operand<TFloat32> norm = norm(tf, squares);
      record.add(norm);
      for (int g = 0; groups.size() > 1 && g < groups.size(); g++) {
        record.add(norm(tf, groups.get(g).variables.stream().map(it -> squares.get(variables.indexOf(it))).toList()));
      }
      gradients = clip == 0 ? gradients : clipped(tf, gradients, norm);
    }
    List<Op> updates = new ArrayList<>(pass.updates());
    for (int i = 0; i < variables.size(); i++) {
      updates.add(optimizer.update(tf, variables.get(i), gradients.get(i), number));
    }
    return new Step(tf.stack(record), updates);
  }

  /** Whether a step's gradients were clipped: the comparison that the graph has made. */
  boolean clips(float norm) {
    return clip > 0 && norm > (float) clip;
  }

  /** Times clip/norm where the norm is larger; else times 1, which changes no bit. */
  private List<Operand<TFloat32>> clipped(Ops tf, List<Operand<TFloat32>> gradients, Operand<TFloat32> norm) {
    Operand<TFloat32> most = tf.constant((float) clip);
    Operand<TFloat32> factor = tf.select(tf.math.greater(norm, most), tf.math.div(most, norm), tf.constant(1f));
    List<Operand<TFloat32>> smaller = new ArrayList<>();
    gradients.forEach(it -> smaller.add(tf.math.mul(it, factor)));
    return smaller;
  }

  /** l2Loss is half of the sum of squares. */
  private static Operand<TFloat32> norm(Ops tf, List<Operand<TFloat32>> halves) {
    return tf.math.sqrt(tf.math.mul(tf.constant(2f), tf.math.addN(halves)));
  }

  /** Variables whose gradients are measured together: as {@code grad/norm/} and this name. */
  record Group(String name, List<Variable> variables) {}

  /**
   * A step in a graph.
   *
   * @param record a vector of {@link #width} numbers
   * @param updates what changes the variables
   */
  record Step(Operand<TFloat32> record, List<Op> updates) {}
}
