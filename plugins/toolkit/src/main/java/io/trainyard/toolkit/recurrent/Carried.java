package io.trainyard.toolkit.recurrent;

import io.trainyard.toolkit.Trainer;
import io.trainyard.toolkit.Variable;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** A state that is kept in variables from one batch to the next. Used by the thread that builds graphs. */
record Carried(Variable hidden, @Nullable Variable memory) {
  /** That of a training: saved with it, and 0 when an epoch begins. */
  static Carried trained(Trainer trainer, String name, Layout layout, int batch) {
    return of(trainer::carried, name, layout, batch);
  }

  /** That of a question: not saved. */
  static Carried asked(Trainer trainer, String name, Layout layout, int batch) {
    return of(trainer::scratch, name, layout, batch);
  }

  private static Carried of(BiFunction<String, long[], Variable> make, String name, Layout layout, int batch) {
    long[] shape = {layout.states(), batch, layout.hidden()};
    return new Carried(
        make.apply(name + "/h", shape), layout.cell().remembers() ? make.apply(name + "/c", shape) : null);
  }

  List<Variable> variables() {
    return memory == null ? List.of(hidden) : List.of(hidden, memory);
  }

  State<TFloat32> read(Ops tf) {
    return new State<>(hidden.read(tf), memory == null ? null : memory.read(tf));
  }

  List<Op> assign(Ops tf, State<TFloat32> state) {
    Op h = tf.assignVariableOp(hidden.handle(tf), state.hidden());
    return memory == null
        ? List.of(h)
        : List.of(h, tf.assignVariableOp(memory.handle(tf), Objects.requireNonNull(state.memory())));
  }
}
