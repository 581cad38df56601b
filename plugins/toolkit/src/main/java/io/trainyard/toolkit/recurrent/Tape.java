package io.trainyard.toolkit.recurrent;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.family.TNumber;

/**
 * Remembers where a matrix is used at every step of a sequence, so that its gradient is one product over all steps. Used
 * by the thread that builds graphs, one instance for each graph.
 *
 * <p>TensorFlow differentiates an unrolled recurrence step by step: for 35 steps 35 products h(t-1)' ds(t) for the
 * gradient of W, each of them small, and a sum of 35 matrices of the size of W. But with all h(t-1) below each other in
 * H and all ds(t) in D it is H' D, one large product. So W is constant to TensorFlow, which is asked for the ds(t)
 * instead, and these it computes anyway.
 *
 * @param <T> the type of the numbers
 */
public final class Tape<T extends TNumber> {
  private final List<Recurrent<T>> all = new ArrayList<>();

  /**
   * A matrix that is used at every step, gate by gate.
   *
   * @param matrix shape (hidden, gates * hidden)
   * @param bias shape (gates * hidden); none where it is not the tape's to find its gradient
   */
  Recurrent<T> recurrent(Ops tf, Operand<T> matrix, @Nullable Operand<T> bias, int gates) {
    Recurrent<T> made = new Recurrent<>(tf, matrix, bias, gates);
    all.add(made);
    return made;
  }

  /**
   * How a loss changes with each of these; in the sense of {@link io.trainyard.toolkit.Pass.Derivatives}.
   *
   * @param leaves what the graph was built from: the matrices among them as they were given to {@link #recurrent}
   */
  public List<Operand<T>> gradients(Ops tf, Operand<T> loss, List<Operand<T>> leaves) {
    return gradients(tf, loss, tf.onesLike(loss), leaves);
  }

  /**
   * The same, where it is known already how the loss changes with what the graph has come to.
   *
   * @param change of the loss, by each of the outputs
   */
  public List<Operand<T>> gradients(Ops tf, Operand<T> outputs, Operand<T> change, List<Operand<T>> leaves) {
    List<Operand<T>> asked = new ArrayList<>();
    all.forEach(it -> it.products.forEach(asked::addAll));
    int products = asked.size();
    List<Operand<T>> others = leaves.stream().filter(leaf -> all.stream().noneMatch(it -> it.has(leaf))).toList();
    asked.addAll(others);
    Gradients gradients = Gradients.create(tf.scope(), outputs, asked, Gradients.dx(List.of(change)));

    Map<Operand<T>, Operand<T>> found = new IdentityHashMap<>();
    for (int i = 0; i < others.size(); i++) {
      found.put(others.get(i), gradients.dy(products + i));
    }
    int at = 0;
    for (Recurrent<T> one : all) {
      Operand<T> inputs = Shapes.below(tf, one.inputs);
      List<Operand<T>> ofMatrix = new ArrayList<>();
      List<Operand<T>> ofBias = new ArrayList<>();
      for (List<Operand<T>> gate : one.products) {
        List<Operand<T>> changes = new ArrayList<>();
        for (int i = 0; i < gate.size(); i++) {
          changes.add(gradients.dy(at++));
        }
        Operand<T> together = Shapes.below(tf, changes);
        ofMatrix.add(tf.linalg.matMul(inputs, together, MatMul.transposeA(true)));
        if (one.bias != null) {
          ofBias.add(tf.reduceSum(together, tf.constant(0)));
        }
      }
      found.put(one.matrix, Shapes.beside(tf, ofMatrix));
      if (one.bias != null) {
        found.put(one.bias, ofBias.size() == 1 ? ofBias.get(0) : tf.concat(ofBias, tf.constant(0)));
      }
    }
    return leaves.stream().map(found::get).toList();
  }

  /**
   * Where one matrix is used.
   *
   * <p>Each gate is a product of its own: four of (32, 256) by (256, 256) take 3.8 ms in 35 steps, one of (32, 256) by (256,
   * 1024) takes 4.5, and its columns would have to be copied apart, and together again on the way back.
   */
  static final class Recurrent<T extends TNumber> {
    private final Operand<T> matrix;
    private final @Nullable Operand<T> bias;
    private final List<Operand<T>> constants;
    private final List<Operand<T>> inputs = new ArrayList<>();
    private final List<List<Operand<T>>> products = new ArrayList<>();

    private Recurrent(Ops tf, Operand<T> matrix, @Nullable Operand<T> bias, int gates) {
      this.matrix = matrix;
      this.bias = bias;
      this.constants = Shapes.columns(tf, tf.stopGradient(matrix), gates);
      constants.forEach(it -> products.add(new ArrayList<>()));
    }

    private boolean has(Operand<T> leaf) {
      return leaf == matrix || leaf == bias;
    }

    /** h W for each gate. */
    List<Operand<T>> times(Ops tf, Operand<T> h) {
      inputs.add(h);
      List<Operand<T>> each = new ArrayList<>();
      for (int gate = 0; gate < constants.size(); gate++) {
        each.add(tf.linalg.matMul(h, constants.get(gate)));
        products.get(gate).add(each.get(gate));
      }
      return each;
    }
  }
}
