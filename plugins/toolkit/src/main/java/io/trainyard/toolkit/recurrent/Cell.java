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
 * <p>A cell gets, for each of its gates, x = x(t) W_ih + b_ih + b_hh and s = h(t-1) W_hh, of the shape (batch, hidden). Where
 * a gate lies between s and the sum, b_hh is added to s and not to x.
 */
public enum Cell {
  /** h' = tanh(x + s). */
  RNN_TANH(1) {
    @Override
    <T extends TNumber> State<T> step(Ops tf, List<Operand<T>> x, List<Operand<T>> s, State<T> before) {
      return new State<>(tf.math.tanh(tf.math.add(x.get(0), s.get(0))), null);
    }
  },

  /** h' = max(x + s, 0). */
  RNN_RELU(1) {
    @Override
    <T extends TNumber> State<T> step(Ops tf, List<Operand<T>> x, List<Operand<T>> s, State<T> before) {
      return new State<>(tf.nn.relu(tf.math.add(x.get(0), s.get(0))), null);
    }
  },

  /**
   * Gates r, z, n: r = sigmoid(x + s), z = sigmoid(x + s), n = tanh(x + r (s + b_hh)), h' = (1 - z) n + z h. The reset gate
   * r comes after the product with W_hh, as in PyTorch and cuDNN; in the paper it comes before.
   */
  GRU(3) {
    @Override
    <T extends TNumber> State<T> step(Ops tf, List<Operand<T>> x, List<Operand<T>> s, State<T> before) {
      Operand<T> r = tf.math.sigmoid(tf.math.add(x.get(0), s.get(0)));
      Operand<T> z = tf.math.sigmoid(tf.math.add(x.get(1), s.get(1)));
      Operand<T> n = tf.math.tanh(tf.math.add(x.get(2), tf.math.mul(r, s.get(2))));
      return new State<>(tf.math.add(n, tf.math.mul(z, tf.math.sub(before.hidden(), n))), null);
    }
  },

  /** Gates i, f, g, o: c' = sigmoid(f) c + sigmoid(i) tanh(g), h' = sigmoid(o) tanh(c'), each gate being x + s. */
  LSTM(4) {
    @Override
    <T extends TNumber> State<T> step(Ops tf, List<Operand<T>> x, List<Operand<T>> s, State<T> before) {
      Operand<T> i = tf.math.sigmoid(tf.math.add(x.get(0), s.get(0)));
      Operand<T> f = tf.math.sigmoid(tf.math.add(x.get(1), s.get(1)));
      Operand<T> g = tf.math.tanh(tf.math.add(x.get(2), s.get(2)));
      Operand<T> o = tf.math.sigmoid(tf.math.add(x.get(3), s.get(3)));
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

  /** The one gate whose b_hh is added to s; -1 for none. */
  int gateOfHiddenBias() {
    return this == GRU ? 2 : -1;
  }

  /** By the name that people type: {@code rnn_tanh}. */
  public static Cell named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  abstract <T extends TNumber> State<T> step(Ops tf, List<Operand<T>> x, List<Operand<T>> s, State<T> before);
}
