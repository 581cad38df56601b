package io.trainyard.mlp;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** What comes between two layers, written out and as TensorFlow's own operation; called while a graph is built. */
enum Activation {
  RELU("relu(x) = max(x, 0)") {
    @Override
    Operand<TFloat32> scratch(Ops tf, Operand<TFloat32> x) {
      return tf.math.maximum(x, tf.constant(0f));
    }

    @Override
    Operand<TFloat32> concise(Ops tf, Operand<TFloat32> x) {
      return tf.nn.relu(x);
    }
  },

  SIGMOID("sigmoid(x) = 1 / (1 + exp(-x))") {
    @Override
    Operand<TFloat32> scratch(Ops tf, Operand<TFloat32> x) {
      return tf.math.div(tf.constant(1f), tf.math.add(tf.constant(1f), tf.math.exp(tf.math.neg(x))));
    }

    @Override
    Operand<TFloat32> concise(Ops tf, Operand<TFloat32> x) {
      return tf.math.sigmoid(x);
    }
  },

  TANH("tanh(x) = 2 / (1 + exp(-2x)) - 1") {
    @Override
    Operand<TFloat32> scratch(Ops tf, Operand<TFloat32> x) {
      Operand<TFloat32> exp = tf.math.exp(tf.math.mul(x, tf.constant(-2f)));
      return tf.math.sub(tf.math.div(tf.constant(2f), tf.math.add(tf.constant(1f), exp)), tf.constant(1f));
    }

    @Override
    Operand<TFloat32> concise(Ops tf, Operand<TFloat32> x) {
      return tf.math.tanh(x);
    }
  },

  /** However many layers, the model stays linear. */
  NONE("x") {
    @Override
    Operand<TFloat32> scratch(Ops tf, Operand<TFloat32> x) {
      return x;
    }

    @Override
    Operand<TFloat32> concise(Ops tf, Operand<TFloat32> x) {
      return x;
    }
  };

  private final String formula;

  Activation(String formula) {
    this.formula = formula;
  }

  /** By its formula. */
  abstract Operand<TFloat32> scratch(Ops tf, Operand<TFloat32> x);

  /** By TensorFlow's operation, which has a gradient of its own. */
  abstract Operand<TFloat32> concise(Ops tf, Operand<TFloat32> x);

  String formula() {
    return formula;
  }
}
