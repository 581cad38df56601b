package io.trainyard.toolkit.recurrent;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/**
 * One step of a recurrence, as PyTorch's {@code nn.RNN}, {@code nn.GRU} and {@code nn.LSTM} define it. Called while a
 * graph is built.
 *
 * <p>A cell gets x = x(t) W_ih + b_ih and s = h(t-1) W_hh + b_hh, each of the shape (batch, gates * hidden) with the gates
 * side by side in the order that stands at each cell.
 */
public enum Cell {
  /** h' = tanh(x + s). */
  RNN_TANH(1) {
    @Override
    <T extends TNumber> State<T> step(Ops tf, Operand<T> x, Operand<T> s, State<T> before) {
      return new State<>(tf.math.tanh(tf.math.add(x, s)), null);
    }
  },

  /** h' = max(x + s, 0). */
  RNN_RELU(1) {
    @Override
    <T extends TNumber> State<T> step(Ops tf, Operand<T> x, Operand<T> s, State<T> before) {
      return new State<>(tf.nn.relu(tf.math.add(x, s)), null);
    }
  },

  /**
   * Gates r, z, n: r = sigmoid(x + s), z = sigmoid(x + s), n = tanh(x + r s), h' = (1 - z) n + z h. The reset gate r comes
   * after the product with W_hh, as in PyTorch and cuDNN; in the paper it comes before.
   */
  GRU(3) {
    @Override
    <T extends TNumber> State<T> step(Ops tf, Operand<T> x, Operand<T> s, State<T> before) {
      List<Operand<T>> xs = Shapes.columns(tf, x, 3);
      List<Operand<T>> ss = Shapes.columns(tf, s, 3);
      Operand<T> r = tf.math.sigmoid(tf.math.add(xs.get(0), ss.get(0)));
      Operand<T> z = tf.math.sigmoid(tf.math.add(xs.get(1), ss.get(1)));
      Operand<T> n = tf.math.tanh(tf.math.add(xs.get(2), tf.math.mul(r, ss.get(2))));
      Operand<T> h = before.hidden();
      return new State<>(tf.math.add(n, tf.math.mul(z, tf.math.sub(h, n))), null);
    }
  },

  /** Gates i, f, g, o: c' = sigmoid(f) c + sigmoid(i) tanh(g), h' = sigmoid(o) tanh(c'), each gate being x + s. */
  LSTM(4) {
    @Override
    <T extends TNumber> State<T> step(Ops tf, Operand<T> x, Operand<T> s, State<T> before) {
      List<Operand<T>> gates = Shapes.columns(tf, tf.math.add(x, s), 4);
      Operand<T> i = tf.math.sigmoid(gates.get(0));
      Operand<T> f = tf.math.sigmoid(gates.get(1));
      Operand<T> g = tf.math.tanh(gates.get(2));
      Operand<T> o = tf.math.sigmoid(gates.get(3));
      Operand<T> c = tf.math.add(tf.math.mul(f, Objects.requireNonNull(before.memory())), tf.math.mul(i, g));
      return new State<>(tf.math.mul(o, tf.math.tanh(c)), c);
    }
  };

  private final int gates;

  Cell(int gates) {
    this.gates = gates;
  }

  /** How often the hidden size the columns of a weight are. */
  public int gates() {
    return gates;
  }

  /** Whether its state has a memory besides h. */
  public boolean remembers() {
    return this == LSTM;
  }

  /** Whether b_hh may be added to x instead of s; where a gate comes between, it may not. */
  boolean addsBiases() {
    return this != GRU;
  }

  /** By the name that people type: {@code rnn_tanh}. */
  public static Cell named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  abstract <T extends TNumber> State<T> step(Ops tf, Operand<T> x, Operand<T> s, State<T> before);
}
