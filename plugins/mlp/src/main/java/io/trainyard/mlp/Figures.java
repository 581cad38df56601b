package io.trainyard.mlp;

import io.trainyard.spi.Exhibit.Curve;
import io.trainyard.spi.Exhibit.Curves;
import io.trainyard.spi.Run;
import io.trainyard.toolkit.Trainer;
import java.util.List;
import java.util.Locale;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat32;

/** Shows the activations with their derivatives, before the first step; the thread that trains calls. */
final class Figures {
  private static final double FROM = -8;
  private static final double TO = 8;
  private static final int POINTS = 321;

  private Figures() {}

  /** The derivatives are TensorFlow's own gradients, as the training uses them. */
  static void show(Run run, Trainer trainer) {
    double[] x = new double[POINTS];
    float[] floats = new float[POINTS];
    for (int i = 0; i < POINTS; i++) {
      x[i] = FROM + (TO - FROM) * i / (POINTS - 1);
      floats[i] = (float) x[i];
    }
    for (Activation activation : List.of(Activation.RELU, Activation.SIGMOID, Activation.TANH)) {
      Ops tf = trainer.tf();
      Operand<TFloat32> in = tf.constant(floats);
      Operand<TFloat32> out = activation.concise(tf, in);
      // The gradient of the sum: each y depends on its own x alone.
      Operand<TFloat32> sum = tf.reduceSum(out, tf.constant(0));
      Operand<TFloat32> slope = Gradients.create(tf.scope(), sum, List.of(in)).dy(0);
      String name = activation.name().toLowerCase(Locale.ROOT);
      run.show(
          "activation/" + name,
          0,
          new Curves(
              "x",
              "",
              x,
              List.of(
                  new Curve(activation.formula(), doubles(trainer.values(out))),
                  new Curve(name + "'(x), its derivative", doubles(trainer.values(slope))))));
    }
  }

  private static double[] doubles(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
