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
  private final List<Uses<T>> all = new ArrayList<>();

  /** h w + b, where b may be none; what they change the loss by is {@link #gradients}' to find. */
  Operand<T> affine(Ops tf, Operand<T> h, Operand<T> w, @Nullable Operand<T> b) {
    Uses<T> uses = all.stream().filter(it -> it.matrix == w).findAny().orElseGet(() -> add(tf, w, b));
    Operand<T> product = tf.linalg.matMul(h, uses.constant);
    uses.inputs.add(h);
    uses.products.add(product);
    return uses.constantBias == null ? product : tf.math.add(product, uses.constantBias);
  }

  private Uses<T> add(Ops tf, Operand<T> w, @Nullable Operand<T> b) {
    Uses<T> uses = new Uses<>(w, b, tf.stopGradient(w), b == null ? null : tf.stopGradient(b));
    all.add(uses);
    return uses;
  }

  /**
   * How a loss changes with each of these; in the sense of {@link io.trainyard.toolkit.Pass.Derivatives}.
   *
   * @param leaves what the graph was built from: the matrices among them as they were given to {@link #affine}
   */
  public List<Operand<T>> gradients(Ops tf, Operand<T> loss, List<Operand<T>> leaves) {
    List<Operand<T>> asked = new ArrayList<>();
    all.forEach(it -> asked.addAll(it.products));
    int products = asked.size();
    List<Operand<T>> others = leaves.stream().filter(leaf -> all.stream().noneMatch(it -> it.has(leaf))).toList();
    asked.addAll(others);
    Gradients gradients = Gradients.create(tf.scope(), loss, asked);

    Map<Operand<T>, Operand<T>> found = new IdentityHashMap<>();
    for (int i = 0; i < others.size(); i++) {
      found.put(others.get(i), gradients.dy(products + i));
    }
    int at = 0;
    for (Uses<T> uses : all) {
      List<Operand<T>> changes = new ArrayList<>();
      for (int i = 0; i < uses.products.size(); i++) {
        changes.add(gradients.dy(at++));
      }
      Operand<T> change = below(tf, changes);
      found.put(uses.matrix, tf.linalg.matMul(below(tf, uses.inputs), change, MatMul.transposeA(true)));
      if (uses.bias != null) {
        found.put(uses.bias, tf.reduceSum(change, tf.constant(0)));
      }
    }
    return leaves.stream().map(found::get).toList();
  }

  private static <T extends TNumber> Operand<T> below(Ops tf, List<Operand<T>> all) {
    return all.size() == 1 ? all.get(0) : tf.concat(all, tf.constant(0));
  }

  /** Where one matrix is used. */
  private static final class Uses<T extends TNumber> {
    private final Operand<T> matrix;
    private final @Nullable Operand<T> bias;
    private final Operand<T> constant;
    private final @Nullable Operand<T> constantBias;
    private final List<Operand<T>> inputs = new ArrayList<>();
    private final List<Operand<T>> products = new ArrayList<>();

    Uses(Operand<T> matrix, @Nullable Operand<T> bias, Operand<T> constant, @Nullable Operand<T> constantBias) {
      this.matrix = matrix;
      this.bias = bias;
      this.constant = constant;
      this.constantBias = constantBias;
    }

    boolean has(Operand<T> leaf) {
      return leaf == matrix || leaf == bias;
    }
  }
}
