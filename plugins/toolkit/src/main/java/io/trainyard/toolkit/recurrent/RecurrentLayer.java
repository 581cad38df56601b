package io.trainyard.toolkit.recurrent;

import io.trainyard.toolkit.Noise;
import io.trainyard.toolkit.Trainer;
import io.trainyard.toolkit.Variable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A recurrent layer with the semantics of PyTorch's {@code nn.RNN}, {@code nn.GRU} and {@code nn.LSTM}: several layers,
 * one or two directions, dropout between layers. Used by the thread that builds graphs.
 *
 * <p>The weights of layer k are {@code w_ih_lk} (input, gates * hidden), {@code w_hh_lk} (hidden, gates * hidden),
 * {@code b_ih_lk} and {@code b_hh_lk} (gates * hidden), and those of the other direction end with {@code _reverse}. Each
 * is the transpose of PyTorch's {@code weight_ih_lk} and so on, with the gates in the same order: r, z, n for a GRU, i,
 * f, g, o for an LSTM. {@link WeightFiles} translates.
 */
public final class RecurrentLayer {
  private final Layout layout;
  private final double dropout;
  private final List<Variable[]> variables = new ArrayList<>();

  /**
   * Makes the variables.
   *
   * @param initial draws the numbers of a matrix
   */
  public RecurrentLayer(Trainer trainer, Layout layout, double dropout, Initial initial) {
    this.layout = layout;
    this.dropout = dropout;
    long gates = (long) layout.cell().gates() * layout.hidden();
    for (int state = 0; state < layout.states(); state++) {
      String suffix = layout.suffix(state);
      long input = layout.input(state / layout.directions());
      variables.add(
          new Variable[] {
            trainer.variable("w_ih_" + suffix, initial.matrix(trainer, Shape.of(input, gates))),
            trainer.variable("w_hh_" + suffix, initial.matrix(trainer, Shape.of(layout.hidden(), gates))),
            trainer.variable("b_ih_" + suffix, initial.bias(trainer, Shape.of(gates))),
            trainer.variable("b_hh_" + suffix, initial.bias(trainer, Shape.of(gates)))
          });
    }
  }

  public Layout layout() {
    return layout;
  }

  /** Its weights, by layer and direction: w_ih, w_hh, b_ih, b_hh of each. */
  public List<List<Variable>> variables() {
    return variables.stream().map(List::of).toList();
  }

  /**
   * Reads all steps of an input.
   *
   * @param initial zeros where none is given
   * @param tape is asked for the gradients afterwards; one for each graph
   */
  public Output<TFloat32> read(
      Ops tf, Input<TFloat32> input, @Nullable State<TFloat32> initial, Noise noise, Tape<TFloat32> tape) {
    List<Weights<TFloat32>> weights =
        variables.stream()
            .map(it -> new Weights<>(it[0].read(tf), it[1].read(tf), it[2].read(tf), it[3].read(tf)))
            .toList();
    return new Unrolled<>(layout, TFloat32.class, weights, it -> noise.dropout(tf, it, dropout), tape)
        .read(tf, input, initial);
  }
}
