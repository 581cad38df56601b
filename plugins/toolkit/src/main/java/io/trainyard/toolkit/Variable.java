package io.trainyard.toolkit;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.ExecutionEnvironment;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReadVariableOp;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * Numbers that are trained and stay in TensorFlow between runs of a session. Used by the thread that builds graphs.
 *
 * <p>It is found by its name, so it can be used in the main graph and in the body of a loop, which is a graph of its
 * own. In each graph it is read once: gradients are taken with respect to that one read, and fetching a new read each
 * time would let the graph grow.
 */
public final class Variable {
  private final String name;
  private final Shape shape;
  private final Map<ExecutionEnvironment, Operand<? extends TType>> handles = new IdentityHashMap<>();
  private final Map<ExecutionEnvironment, Operand<TFloat32>> reads = new IdentityHashMap<>();
  private final Map<String, Variable> slots = new HashMap<>();

  Variable(String name, Shape shape) {
    this.name = name;
    this.shape = shape;
  }

  public String name() {
    return name;
  }

  public Shape shape() {
    return shape;
  }

  /** Its value, in the graph of {@code tf}. */
  public Operand<TFloat32> read(Ops tf) {
    Operand<TFloat32> read = reads.get(tf.scope().env());
    if (read == null) {
      ReadVariableOp<TFloat32> made = tf.readVariableOp(handle(tf), TFloat32.class);
      read = made;
      reads.put(tf.scope().env(), read);
    }
    return read;
  }

  /** What assigning and updating operations take. */
  public Operand<? extends TType> handle(Ops tf) {
    return handles.computeIfAbsent(
        tf.scope().env(), graph -> tf.varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name)));
  }

  /** What the optimizer remembers of it under this name. */
  public Variable slot(String slot) {
    Variable found = slots.get(slot);
    if (found == null) {
      throw new IllegalArgumentException("the optimizer has not named " + slot + " among its slots");
    }
    return found;
  }

  Variable addSlot(String slot) {
    return slots.computeIfAbsent(slot, it -> new Variable(name + "/" + it, shape));
  }

  /** This one and its slots, in an order that is always the same. */
  Stream<Variable> withSlots() {
    List<String> names = slots.keySet().stream().sorted().toList();
    return Stream.concat(Stream.of(this), names.stream().map(slots::get));
  }
}
