package io.trainyard.toolkit.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat64;

/** The graph that trains, in float64, against central differences of its own loss: for every weight of every cell. */
final class GradientsTest {
  private static final int STEPS = 4;
  private static final int BATCH = 3;
  private static final int INPUT = 5;
  private static final int HIDDEN = 2;
  private static final double EPSILON = 1e-6;

  static Stream<Arguments> layouts() {
    return Stream.of(Cell.values())
        .flatMap(
            cell ->
                Stream.of(
                    Arguments.of(cell, 1, false, true),
                    Arguments.of(cell, 1, false, false),
                    Arguments.of(cell, 2, false, true),
                    Arguments.of(cell, 2, true, false)));
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void everyGradientIsTheDifferenceOfTheLoss(Cell cell, int layers, boolean bidirectional, boolean oneHot) {
    Layout layout = new Layout(cell, INPUT, HIDDEN, layers, bidirectional);
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Random random = new Random(11);
      List<Placeholder<TFloat64>> leaves = new ArrayList<>();
      List<double[]> values = new ArrayList<>();
      List<Weights<TFloat64>> weights = new ArrayList<>();
      int gates = cell.gates() * HIDDEN;
      for (int state = 0; state < layout.states(); state++) {
        int at = leaves.size();
        for (Shape shape :
            List.of(
                Shape.of(layout.input(state / layout.directions()), gates),
                Shape.of(HIDDEN, gates),
                Shape.of(gates),
                Shape.of(gates))) {
          leaf(tf, shape, random, leaves, values);
        }
        weights.add(new Weights<>(leaves.get(at), leaves.get(at + 1), leaves.get(at + 2), leaves.get(at + 3)));
      }
      Shape start = Shape.of(layout.states(), BATCH, HIDDEN);
      Operand<TFloat64> hidden = leaf(tf, start, random, leaves, values);
      Operand<TFloat64> memory = cell.remembers() ? leaf(tf, start, random, leaves, values) : null;
      Input<TFloat64> input =
          oneHot
              ? Input.oneHot(tf, tf.constant(new int[][] {{0, 1, 2, 3}, {4, 4, 1, 0}, {2, 0, 2, 4}}))
              : Input.of(tf, leaf(tf, Shape.of(STEPS, BATCH, INPUT), random, leaves, values));

      Tape<TFloat64> tape = new Tape<>();
      Output<TFloat64> output =
          new Unrolled<>(layout, TFloat64.class, weights, it -> it, tape).read(tf, input, new State<>(hidden, memory));
      // Each output and each last state counts differently.
      Operand<TFloat64> loss = weighted(tf, output.rows(), random);
      loss = tf.math.add(loss, weighted(tf, output.state().hidden(), random));
      if (memory != null) {
        loss = tf.math.add(loss, weighted(tf, output.state().memory(), random));
      }
      List<Operand<TFloat64>> gradients = tape.gradients(tf, loss, List.copyOf(leaves));

      for (int i = 0; i < leaves.size(); i++) {
        double[] gradient = run(session, leaves, values, gradients.get(i));
        double[] value = values.get(i);
        assertThat(gradient).hasSameSizeAs(value);
        for (int k = 0; k < value.length; k++) {
          double before = value[k];
          value[k] = before + EPSILON;
          double above = run(session, leaves, values, loss)[0];
          value[k] = before - EPSILON;
          double below = run(session, leaves, values, loss)[0];
          value[k] = before;
          assertThat(gradient[k]).as(layout + ", leaf " + i + ", number " + k)
              .isEqualTo((above - below) / (2 * EPSILON), within(1e-7));
        }
      }
    }
  }

  private static Operand<TFloat64> leaf(
      Ops tf, Shape shape, Random random, List<Placeholder<TFloat64>> leaves, List<double[]> values) {
    Placeholder<TFloat64> leaf = tf.placeholder(TFloat64.class, Placeholder.shape(shape));
    leaves.add(leaf);
    values.add(random.doubles(shape.size(), -1, 1).toArray());
    return leaf;
  }

  private static Operand<TFloat64> weighted(Ops tf, Operand<TFloat64> values, Random random) {
    Operand<TFloat64> weights =
        tf.reshape(
            tf.constant(random.doubles(values.shape().size(), -1, 1).toArray()), tf.constant(values.shape().asArray()));
    int[] all = IntStream.range(0, values.rank()).toArray();
    return tf.reduceSum(tf.math.mul(tf.math.square(values), weights), tf.constant(all));
  }

  private static double[] run(
      Session session, List<Placeholder<TFloat64>> leaves, List<double[]> values, Operand<TFloat64> wanted) {
    Session.Runner runner = session.runner();
    List<TFloat64> fed = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      TFloat64 tensor = TFloat64.tensorOf(leaves.get(i).shape(), DataBuffers.of(values.get(i)));
      fed.add(tensor);
      runner.feed(leaves.get(i), tensor);
    }
    try (Result result = runner.fetch(wanted).run()) {
      double[] got = new double[(int) result.get(0).size()];
      result.get(0).asRawTensor().data().asDoubles().read(got);
      return got;
    } finally {
      fed.forEach(TFloat64::close);
    }
  }
}
