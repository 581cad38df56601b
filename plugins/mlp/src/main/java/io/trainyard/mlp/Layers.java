package io.trainyard.mlp;

import io.trainyard.spi.Exhibit.Histogram;
import io.trainyard.spi.Run;
import io.trainyard.toolkit.FashionMnist;
import io.trainyard.toolkit.Model;
import io.trainyard.toolkit.Noise;
import io.trainyard.toolkit.Trainer;
import io.trainyard.toolkit.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The model: from the pixels through hidden layers to a logit for each class. The thread that trains calls. */
final class Layers implements Model {
  private static final int BINS = 60;

  private final List<Variable> weights = new ArrayList<>();
  private final List<Variable> biases = new ArrayList<>();
  private final Activation activation;
  private final boolean scratch;
  private final double dropout;

  private Layers(Run run) {
    activation = Activation.valueOf(run.get(Mlp.ACTIVATION).toUpperCase(Locale.ROOT));
    scratch = run.get(Mlp.IMPLEMENTATION).equals("scratch");
    dropout = run.get(Mlp.DROPOUT);
  }

  /** As the params say. */
  static Layers of(Run run, Trainer trainer) {
    Layers layers = new Layers(run);
    long in = FashionMnist.PIXELS;
    for (long out : run.get(Mlp.HIDDEN_SIZES)) {
      layers.add(trainer, run.get(Mlp.INIT), in, out);
      in = out;
    }
    layers.add(trainer, run.get(Mlp.INIT), in, FashionMnist.CLASSES.size());
    return layers;
  }

  private void add(Trainer trainer, String init, long in, long out) {
    int number = weights.size() + 1;
    Shape shape = Shape.of(in, out);
    // Xavier's: uniform with the variance 2 / (in + out), so that a linear model keeps values and gradients in size.
    Operand<TFloat32> drawn =
        init.equals("normal") ? trainer.normal(shape, 0.01) : trainer.uniform(shape, Math.sqrt(6.0 / (in + out)));
    weights.add(trainer.variable("w" + number, drawn));
    biases.add(trainer.variable("b" + number, trainer.zeros(out)));
  }

  @Override
  public Operand<TFloat32> output(Ops tf, Operand<TFloat32> inputs, Noise noise) {
    Operand<TFloat32> x = inputs;
    for (int i = 0; i < weights.size(); i++) {
      x = tf.math.add(tf.linalg.matMul(x, weights.get(i).read(tf)), biases.get(i).read(tf));
      if (i < weights.size() - 1) {
        x = noise.dropout(tf, scratch ? activation.scratch(tf, x) : activation.concise(tf, x), dropout);
      }
    }
    return x;
  }

  /** Those of each layer, from the pixels on. */
  List<List<Variable>> variables() {
    List<List<Variable>> all = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      all.add(List.of(weights.get(i), biases.get(i)));
    }
    return all;
  }

  /** How each layer's weights are spread: those of a layer that does not learn stay as they were drawn. */
  void show(Run run, Trainer trainer, long step) {
    for (int i = 0; i < weights.size(); i++) {
      run.show("weights/" + (i + 1), step, Histogram.of(trainer.values(weights.get(i)), BINS));
    }
  }
}
