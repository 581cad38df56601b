package io.trainyard.toolkit.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;

/** The forward pass against values by hand, and its shapes. */
final class LayerTest {
  /** One number of state, one of input, two steps: x = 1, then -2. Gates have weights .1, .2, ... */
  @Test
  void theStatesAreThoseOfTheFormulas() {
    double[] x = {1, -2};
    double h = 0;
    for (double it : x) {
      h = Math.tanh(0.1 * it + 0.3 + 0.2 * h + 0.4);
    }
    assertThat(ofOne(Cell.RNN_TANH, x)).containsExactly(new double[] {h}, within(1e-12));
    // By hand: relu(.1 + .7) = .8, then relu(-.2 + .7 + .16) = .66.
    assertThat(ofOne(Cell.RNN_RELU, x)).containsExactly(new double[] {0.66}, within(1e-12));

    // Weights of gate k: input .1 (k+1), hidden .2 (k+1), biases .3 (k+1) and .4 (k+1).
    h = 0;
    for (double it : x) {
      double r = sigmoid(0.1 * it + 0.3 + 0.2 * h + 0.4);
      double z = sigmoid(0.2 * it + 0.6 + 0.4 * h + 0.8);
      double n = Math.tanh(0.3 * it + 0.9 + r * (0.6 * h + 1.2));
      h = (1 - z) * n + z * h;
    }
    assertThat(ofOne(Cell.GRU, x)).containsExactly(new double[] {h}, within(1e-12));

    h = 0;
    double c = 0;
    for (double it : x) {
      double i = sigmoid(0.1 * it + 0.3 + 0.2 * h + 0.4);
      double f = sigmoid(0.2 * it + 0.6 + 0.4 * h + 0.8);
      double g = Math.tanh(0.3 * it + 0.9 + 0.6 * h + 1.2);
      double o = sigmoid(0.4 * it + 1.2 + 0.8 * h + 1.6);
      c = f * c + i * g;
      h = o * Math.tanh(c);
    }
    assertThat(ofOne(Cell.LSTM, x)).containsExactly(new double[] {h, c}, within(1e-12));
  }

  /** The last h, and c where there is one. */
  private static double[] ofOne(Cell cell, double[] x) {
    return run(
        tf -> {
          Weights<TFloat64> weights =
              new Weights<>(
                  gates(tf, cell, 0.1, 1, cell.gates()), gates(tf, cell, 0.2, 1, cell.gates()),
                  gates(tf, cell, 0.3, cell.gates()), gates(tf, cell, 0.4, cell.gates()));
          Output<TFloat64> output =
              new Unrolled<>(
                      new Layout(cell, 1, 1, 1, false), TFloat64.class, List.of(weights), it -> it, new Tape<>())
                  .read(tf, Input.of(tf, Shapes.reshape(tf, tf.constant(x), x.length, 1, 1)), null);
          Operand<TFloat64> memory = output.state().memory();
          return memory == null ? List.of(output.state().hidden()) : List.of(output.state().hidden(), memory);
        });
  }

  private static Operand<TFloat64> gates(Ops tf, Cell cell, double first, long... shape) {
    double[] values = new double[cell.gates()];
    for (int gate = 0; gate < values.length; gate++) {
      values[gate] = first * (gate + 1);
    }
    return Shapes.reshape(tf, tf.constant(values), shape);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @ParameterizedTest
  @EnumSource(Cell.class)
  void shapesAreThoseOfPyTorch(Cell cell) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Layout layout = new Layout(cell, 5, 3, 2, true);
      Output<TFloat64> output = random(tf, layout, Input.of(tf, numbers(tf, new Random(1), 7, 4, 5)), null);
      assertThat(output.timeFirst(tf).shape()).isEqualTo(Shape.of(7, 4, 2 * 3));
      assertThat(output.batchFirst(tf).shape()).isEqualTo(Shape.of(4, 7, 2 * 3));
      assertThat(output.rows().shape()).isEqualTo(Shape.of(7 * 4, 2 * 3));
      assertThat(output.state().hidden().shape()).isEqualTo(Shape.of(2 * 2, 4, 3));
      assertThat(output.state().memory() != null).isEqualTo(cell == Cell.LSTM);
      assertThat(layout.suffix(3)).isEqualTo("l1_reverse");
    }
  }

  @ParameterizedTest
  @EnumSource(Cell.class)
  void theStateIsZeroWhereNoneIsGivenAndTheLastOutputIsTheNewOne(Cell cell) {
    Layout layout = new Layout(cell, 2, 3, 1, true);
    double[] all =
        run(
            tf -> {
              Operand<TFloat64> x = numbers(tf, new Random(2), 5, 1, 2);
              Operand<TFloat64> zeros = tf.zeros(tf.constant(new long[] {2, 1, 3}), TFloat64.class);
              Output<TFloat64> without = random(tf, layout, Input.of(tf, x), null);
              Output<TFloat64> with =
                  random(tf, layout, Input.of(tf, x), new State<>(zeros, cell.remembers() ? zeros : null));
              return List.of(without.rows(), with.rows(), without.state().hidden());
            });
    for (int i = 0; i < 5 * 6; i++) {
      assertThat(all[i]).isEqualTo(all[30 + i]);
    }
    for (int k = 0; k < 3; k++) {
      assertThat(all[60 + k]).as("from left to right it ends at the last step").isEqualTo(all[4 * 6 + k]);
      assertThat(all[63 + k]).as("from right to left at the first").isEqualTo(all[3 + k]);
    }
  }

  @ParameterizedTest
  @EnumSource(Cell.class)
  void goingOnFromAStateIsAsIfAllHadBeenReadAtOnce(Cell cell) {
    Layout layout = new Layout(cell, 2, 3, 2, false);
    double[] all =
        run(
            tf -> {
              Operand<TFloat64> x = numbers(tf, new Random(3), 6, 2, 2);
              Operand<TFloat64> first = tf.slice(x, tf.constant(new int[3]), tf.constant(new int[] {4, 2, 2}));
              Operand<TFloat64> rest =
                  tf.slice(x, tf.constant(new int[] {4, 0, 0}), tf.constant(new int[] {2, 2, 2}));
              State<TFloat64> state = random(tf, layout, Input.of(tf, first), null).state();
              return List.of(
                  random(tf, layout, Input.of(tf, x), null).state().hidden(),
                  random(tf, layout, Input.of(tf, rest), state).state().hidden());
            });
    for (int i = 0; i < 12; i++) {
      assertThat(all[i]).isEqualTo(all[12 + i], within(1e-15));
    }
  }

  @Test
  void batchFirstAndTokensAreOtherWaysToSayTheSame() {
    Layout layout = new Layout(Cell.GRU, 3, 2, 1, false);
    double[] all =
        run(
            tf -> {
              // Two rows of three tokens.
              var tokens = tf.constant(new int[][] {{0, 1, 2}, {2, 2, 0}});
              Operand<TFloat64> ones = tf.dtypes.cast(OneHot.of(tf, tokens, 3), TFloat64.class);
              return List.of(
                  random(tf, layout, Input.oneHot(tf, tokens), null).rows(),
                  random(tf, layout, Input.of(tf, ones), null).rows(),
                  random(tf, layout, Input.batchFirst(tf, Shapes.swap(tf, ones)), null).rows());
            });
    for (int i = 0; i < 12; i++) {
      assertThat(all[i]).isEqualTo(all[12 + i], within(1e-15)).isEqualTo(all[24 + i], within(1e-15));
    }
  }

  @Test
  void aTokenAsAVectorHasItsPlaceInFront() {
    double[] ones =
        run(tf -> List.of(tf.dtypes.cast(OneHot.of(tf, tf.constant(new int[][] {{0, 2}}), 3), TFloat64.class)));
    assertThat(ones).containsExactly(1, 0, 0, 0, 0, 1);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      assertThat(OneHot.of(tf, tf.constant(new int[2][5]), 28).shape()).isEqualTo(Shape.of(5, 2, 28));
    }
    for (int wrong : new int[] {-1, 3}) {
      assertThatThrownBy(
              () ->
                  run(
                      tf ->
                          List.of(
                              tf.dtypes.cast(
                                  OneHot.of(tf, tf.constant(new int[][] {{0, wrong}}), 3), TFloat64.class))))
          .hasMessageContaining("tokens must be 0 to 2")
          .hasMessageContaining("[" + wrong + "]");
    }
  }

  /** A layer whose weights are the same each time. */
  private static Output<TFloat64> random(
      Ops tf, Layout layout, Input<TFloat64> input, @Nullable State<TFloat64> initial) {
    Random random = new Random(5);
    List<Weights<TFloat64>> weights = new ArrayList<>();
    long gates = (long) layout.cell().gates() * layout.hidden();
    for (int state = 0; state < layout.states(); state++) {
      weights.add(
          new Weights<>(
              numbers(tf, random, layout.input(state / layout.directions()), gates),
              numbers(tf, random, layout.hidden(), gates), numbers(tf, random, gates), numbers(tf, random, gates)));
    }
    return new Unrolled<>(layout, TFloat64.class, weights, it -> it, new Tape<>()).read(tf, input, initial);
  }

  private static Operand<TFloat64> numbers(Ops tf, Random random, long... shape) {
    return Shapes.reshape(tf, tf.constant(random.doubles(Shape.of(shape).size(), -1, 1).toArray()), shape);
  }

  /** All numbers of these, one after the other. */
  private static double[] run(Function<Ops, List<Operand<TFloat64>>> build) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Session.Runner runner = session.runner();
      List<Operand<TFloat64>> wanted = build.apply(Ops.create(graph));
      wanted.forEach(runner::fetch);
      try (Result result = runner.run()) {
        List<Double> all = new ArrayList<>();
        result.forEach(one -> ((TFloat64) one.getValue()).scalars().forEach(it -> all.add(it.getDouble())));
        return all.stream().mapToDouble(it -> it).toArray();
      }
    }
  }
}
