package io.trainyard.toolkit.recurrent;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/**
 * A recurrence as one graph with all its steps, for any type of numbers. Used by the thread that builds graphs.
 *
 * <p>What does not depend on the step before is computed for all steps at once: the products with the input. Why it is
 * unrolled and no loop of TensorFlow: {@code docs/decisions/0005-recurrent-layers.md}.
 *
 * @param weights one for each state, in their order: layer 0, its reverse, layer 1, ...
 * @param between what lies between two layers: dropout
 * @param tape finds the gradients of the recurrent weights
 */
record Unrolled<T extends TNumber>(
    Layout layout, Class<T> type, List<Weights<T>> weights, UnaryOperator<Operand<T>> between, Tape<T> tape) {

  /** Reads all steps. */
  Output<T> read(Ops tf, Input<T> input, @Nullable State<T> initial) {
    int steps = input.steps();
    int batch = input.batch();
    State<T> start = initial == null ? zero(tf, batch) : initial;
    List<Operand<T>> hiddens = Shapes.unstack(tf, start.hidden());
    List<Operand<T>> memories = start.memory() == null ? List.of() : Shapes.unstack(tf, start.memory());
    List<State<T>> ends = new ArrayList<>();
    Input<T> in = input;
    Operand<T> rows = null;
    for (int state = 0; state < layout.states(); state += layout.directions()) {
      List<List<Operand<T>>> directions = new ArrayList<>();
      for (int d = 0; d < layout.directions(); d++) {
        int at = state + d;
        State<T> from = new State<>(hiddens.get(at), memories.isEmpty() ? null : memories.get(at));
        List<State<T>> states = direction(tf, weights.get(at), in, from, d == 1);
        ends.add(states.get(steps - 1));
        List<Operand<T>> outputs = new ArrayList<>(states.stream().map(State::hidden).toList());
        if (d == 1) {
          Collections.reverse(outputs);
        }
        directions.add(outputs);
      }
      rows = Shapes.beside(tf, directions.stream().map(it -> Shapes.below(tf, it)).toList());
      boolean last = state + layout.directions() == layout.states();
      in = last ? in : Input.rows(steps, batch, between.apply(rows));
    }
    Operand<T> hidden = tf.stack(ends.stream().map(State::hidden).toList());
    Operand<T> memory = layout.cell().remembers() ? tf.stack(ends.stream().map(State::memory).toList()) : null;
    return new Output<>(steps, batch, rows, new State<>(hidden, memory));
  }

  /** The states after each step, in the order in which they are computed. */
  private List<State<T>> direction(Ops tf, Weights<T> weights, Input<T> input, State<T> initial, boolean reverse) {
    Cell cell = layout.cell();
    int gates = cell.gates();
    int apart = cell.gateOfHiddenBias();
    Tape.Recurrent<T> recurrent =
        tape.recurrent(tf, weights.hh(), apart < 0 ? null : weights.hiddenBias(), gates);
    // Where one gate's is added apart, the tape finds the gradient of the whole.
    Operand<T> known = apart < 0 ? weights.hiddenBias() : tf.stopGradient(weights.hiddenBias());
    List<Operand<T>> inputBiases = Shapes.columns(tf, weights.inputBias(), gates);
    List<Operand<T>> hiddenBiases = Shapes.columns(tf, known, gates);
    List<Operand<T>> matrices = Shapes.columns(tf, weights.ih(), gates);
    List<List<Operand<T>>> xs = new ArrayList<>();
    for (int gate = 0; gate < gates; gate++) {
      Operand<T> bias =
          gate == apart ? inputBiases.get(gate) : tf.math.add(inputBiases.get(gate), hiddenBiases.get(gate));
      xs.add(Shapes.rows(tf, input.affine().of(tf, matrices.get(gate), bias), input.steps()));
    }
    List<State<T>> states = new ArrayList<>();
    State<T> before = initial;
    for (int i = 0; i < input.steps(); i++) {
      int step = reverse ? input.steps() - 1 - i : i;
      List<Operand<T>> s = recurrent.times(tf, before.hidden());
      if (apart >= 0) {
        s.set(apart, tf.math.add(s.get(apart), hiddenBiases.get(apart)));
      }
      before = cell.step(tf, xs.stream().map(it -> it.get(step)).toList(), s, before);
      states.add(before);
    }
    return states;
  }

  private State<T> zero(Ops tf, int batch) {
    Operand<T> zeros = tf.zeros(tf.constant(Shape.of(layout.states(), batch, layout.hidden()).asArray()), type);
    return new State<>(zeros, layout.cell().remembers() ? zeros : null);
  }
}
