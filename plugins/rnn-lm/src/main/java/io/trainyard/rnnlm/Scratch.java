package io.trainyard.rnnlm;

import io.trainyard.toolkit.Noise;
import io.trainyard.toolkit.Variable;
import io.trainyard.toolkit.recurrent.Cell;
import io.trainyard.toolkit.recurrent.Layout;
import io.trainyard.toolkit.recurrent.OneHot;
import io.trainyard.toolkit.recurrent.Output;
import io.trainyard.toolkit.recurrent.RecurrentLayer;
import io.trainyard.toolkit.recurrent.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Recurrent layers by their formulas, one product of matrices after the other; called while a graph is built.
 *
 * <p>As in a textbook, and as slow: the token is a vector of zeros with a single one, each gate has products of its own,
 * and TensorFlow differentiates step by step. The weights are those of {@link RecurrentLayer}, which computes the same.
 */
final class Scratch {
  private Scratch() {}

  /** Tokens of the shape (batch, steps) as vectors: a (batch, columns) for each step. */
  static List<Operand<TFloat32>> vectors(
      Ops tf, Operand<TInt32> tokens, int vocabulary, @Nullable Variable embedding) {
    List<Operand<TFloat32>> ones = List.copyOf(tf.unstack(OneHot.of(tf, tokens, vocabulary), tokens.shape().get(1)).output());
    return embedding == null ? ones : ones.stream().map(it -> product(tf, it, embedding.read(tf))).toList();
  }

  /** Reads all steps. */
  static Output<TFloat32> read(
      Ops tf,
      RecurrentLayer layer,
      List<Operand<TFloat32>> xs,
      @Nullable State<TFloat32> initial,
      Noise noise,
      double dropout) {
    Layout layout = layer.layout();
    long batch = xs.get(0).shape().get(0);
    Operand<TFloat32> zeros = tf.zeros(tf.constant(new long[] {batch, layout.hidden()}), TFloat32.class);
    List<Operand<TFloat32>> hiddens = new ArrayList<>();
    List<Operand<TFloat32>> memories = new ArrayList<>();
    List<Operand<TFloat32>> inputs = xs;
    for (int i = 0; i < layout.layers(); i++) {
      List<List<Operand<TFloat32>>> outputs = new ArrayList<>();
      for (int d = 0; d < layout.directions(); d++) {
        int state = i * layout.directions() + d;
        Operand<TFloat32> h = initial == null ? zeros : row(tf, initial.hidden(), state);
        Operand<TFloat32> c = initial == null || initial.memory() == null ? zeros : row(tf, initial.memory(), state);
        Gates gates = new Gates(tf, layer.variables().get(state), layout.hidden());
        List<Operand<TFloat32>> read = new ArrayList<>(inputs);
        if (d == 1) {
          Collections.reverse(read);
        }
        List<Operand<TFloat32>> hs = new ArrayList<>();
        for (Operand<TFloat32> x : read) {
          if (layout.cell() == Cell.LSTM) {
            c = memory(tf, gates, x, h, c);
          }
          h = next(tf, layout.cell(), gates, x, h, c);
          hs.add(h);
        }
        if (d == 1) {
          Collections.reverse(hs);
        }
        outputs.add(hs);
        hiddens.add(h);
        memories.add(c);
      }
      inputs = sideBySide(tf, outputs);
      if (i < layout.layers() - 1) {
        // All steps at once: what is left out is drawn as for the toolkit's layer.
        Operand<TFloat32> kept = noise.dropout(tf, below(tf, inputs), dropout);
        inputs = List.copyOf(tf.split(tf.constant(0), kept, (long) inputs.size()).output());
      }
    }
    State<TFloat32> last =
        new State<>(tf.stack(hiddens), layout.cell().remembers() ? tf.stack(memories) : null);
    return new Output<>(xs.size(), (int) batch, below(tf, inputs), last);
  }

  private static Operand<TFloat32> next(
      Ops tf, Cell cell, Gates gates, Operand<TFloat32> x, Operand<TFloat32> h, Operand<TFloat32> c) {
    return switch (cell) {
      case RNN_TANH -> tf.math.tanh(gates.sum(0, x, h));
      case RNN_RELU -> tf.math.maximum(gates.sum(0, x, h), tf.constant(0f));
      case GRU -> {
        Operand<TFloat32> r = tf.math.sigmoid(gates.sum(0, x, h));
        Operand<TFloat32> z = tf.math.sigmoid(gates.sum(1, x, h));
        Operand<TFloat32> n = tf.math.tanh(tf.math.add(gates.ofInput(2, x), tf.math.mul(r, gates.ofHidden(2, h))));
        Operand<TFloat32> fresh = tf.math.mul(tf.math.sub(tf.constant(1f), z), n);
        yield tf.math.add(fresh, tf.math.mul(z, h));
      }
      case LSTM -> tf.math.mul(tf.math.sigmoid(gates.sum(3, x, h)), tf.math.tanh(c));
    };
  }

  private static Operand<TFloat32> memory(
      Ops tf, Gates gates, Operand<TFloat32> x, Operand<TFloat32> h, Operand<TFloat32> c) {
    Operand<TFloat32> i = tf.math.sigmoid(gates.sum(0, x, h));
    Operand<TFloat32> f = tf.math.sigmoid(gates.sum(1, x, h));
    Operand<TFloat32> g = tf.math.tanh(gates.sum(2, x, h));
    return tf.math.add(tf.math.mul(f, c), tf.math.mul(i, g));
  }

  private static List<Operand<TFloat32>> sideBySide(Ops tf, List<List<Operand<TFloat32>>> directions) {
    if (directions.size() == 1) {
      return directions.get(0);
    }
    List<Operand<TFloat32>> all = new ArrayList<>();
    for (int t = 0; t < directions.get(0).size(); t++) {
      all.add(tf.concat(List.of(directions.get(0).get(t), directions.get(1).get(t)), tf.constant(1)));
    }
    return all;
  }

  private static Operand<TFloat32> below(Ops tf, List<Operand<TFloat32>> steps) {
    return steps.size() == 1 ? steps.get(0) : tf.concat(steps, tf.constant(0));
  }

  private static Operand<TFloat32> row(Ops tf, Operand<TFloat32> states, int state) {
    Operand<TFloat32> one =
        tf.slice(
            states, tf.constant(new int[] {state, 0, 0}), tf.constant(new int[] {1, -1, -1}));
    return tf.squeeze(one, Squeeze.axis(List.of(0L)));
  }

  private static Operand<TFloat32> product(Ops tf, Operand<TFloat32> x, Operand<TFloat32> w) {
    return tf.linalg.matMul(x, w);
  }

  /** The weights of one direction of one layer, cut into its gates. */
  private static final class Gates {
    private final Ops tf;
    private final List<List<Operand<TFloat32>>> parts;

    Gates(Ops tf, List<Variable> weights, int hidden) {
      this.tf = tf;
      this.parts = weights.stream().map(it -> cut(tf, it, hidden)).toList();
    }

    private static List<Operand<TFloat32>> cut(Ops tf, Variable weight, int hidden) {
      int last = weight.shape().numDimensions() - 1;
      long gates = weight.shape().get(last) / hidden;
      Operand<TFloat32> all = weight.read(tf);
      return gates == 1 ? List.of(all) : List.copyOf(tf.split(tf.constant(last), all, gates).output());
    }

    /** x W_x + b_x + h W_h + b_h. */
    Operand<TFloat32> sum(int gate, Operand<TFloat32> x, Operand<TFloat32> h) {
      return tf.math.add(ofInput(gate, x), ofHidden(gate, h));
    }

    Operand<TFloat32> ofInput(int gate, Operand<TFloat32> x) {
      return tf.math.add(product(tf, x, parts.get(0).get(gate)), parts.get(2).get(gate));
    }

    Operand<TFloat32> ofHidden(int gate, Operand<TFloat32> h) {
      return tf.math.add(product(tf, h, parts.get(1).get(gate)), parts.get(3).get(gate));
    }
  }
}
