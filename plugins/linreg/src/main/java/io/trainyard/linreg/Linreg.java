package io.trainyard.linreg;

import io.trainyard.spi.Metric;
import io.trainyard.spi.Param;
import io.trainyard.spi.Run;
import io.trainyard.spi.Task;
import io.trainyard.spi.TaskSpec;
import io.trainyard.toolkit.Batch;
import io.trainyard.toolkit.Data;
import io.trainyard.toolkit.Evaluation;
import io.trainyard.toolkit.Losses;
import io.trainyard.toolkit.Model;
import io.trainyard.toolkit.Objective;
import io.trainyard.toolkit.Optimizer;
import io.trainyard.toolkit.Trainer;
import io.trainyard.toolkit.Variable;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Finds the w and b of y = Xw + b + noise by minibatch gradient descent. The thread that trains calls. */
public final class Linreg implements Task {
  static final Param.Choice IMPLEMENTATION =
      Param.choice("implementation", "loss and optimizer written out, or from the toolkit", "scratch", "concise");
  static final Param.Many<Double> TRUE_W =
      Param.list(Param.real("true_w", 0, "weights that make the data"), List.of(2.0, -3.4)).size(1, 100);
  static final Param.Real TRUE_B = Param.real("true_b", 4.2, "bias that makes the data");
  static final Param.Real NOISE = Param.real("noise", 0.01, "standard deviation of the labels' noise").atLeast(0);
  static final Param.Int EXAMPLES = Param.integer("examples", 1000, "how many examples").between(1, 1_000_000);
  static final Param.Real LEARNING_RATE = Param.real("learning_rate", 0.03, "size of a step").above(0);
  static final Param.Int BATCH_SIZE = Param.integer("batch_size", 10, "examples in a step").between(1, 10_000);
  static final Param.Int EPOCHS = Param.integer("epochs", 5, "passes over the data").between(1, 1_000_000);

  static final Metric ERROR_W = Metric.minimize("error/w");
  static final Metric ERROR_B = Metric.minimize("error/b");

  @Override
  public TaskSpec spec() {
    return TaskSpec.of("linreg", "Linear regression")
        .description("Makes data from known weights and finds them again. Two implementations of the same training.")
        .params(IMPLEMENTATION, TRUE_W, TRUE_B, NOISE, EXAMPLES, LEARNING_RATE, BATCH_SIZE, EPOCHS,
            Trainer.STEPS_PER_SECOND)
        .metrics(Trainer.TRAIN_LOSS, Trainer.EPOCH_LOSS, Trainer.GRAD_NORM, ERROR_W, ERROR_B, Found.BIAS, Trainer.RATE)
        .best(Trainer.EPOCH_LOSS)
        .bands(Published.BANDS);
  }

  @Override
  public void train(Run run) throws Exception {
    Trainer.with(run, trainer -> train(run, trainer.pace(run.get(Trainer.STEPS_PER_SECOND))));
  }

  private static void train(Run run, Trainer trainer) throws Exception {
    boolean scratch = run.get(IMPLEMENTATION).equals("scratch");
    Ops tf = trainer.tf();

    // Data
    int features = run.get(TRUE_W).size();
    Operand<TFloat32> x = trainer.normal(Shape.of(run.get(EXAMPLES), features), 1);
    Operand<TFloat32> noise = trainer.normal(Shape.of(run.get(EXAMPLES), 1), run.get(NOISE));
    Operand<TFloat32> y = linear(tf, x, trainer.column(run.get(TRUE_W)), tf.constant(run.get(TRUE_B).floatValue()));
    Data<Batch<TFloat32>> data = trainer.data(x, tf.math.add(y, noise));

    // Model
    Variable w = trainer.variable("w", trainer.normal(Shape.of(features, 1), 0.01));
    Variable b = trainer.variable("b", trainer.zeros(1));
    Model model = (ops, inputs, none) -> linear(ops, inputs, w.read(ops), b.read(ops));

    // Loss
    Objective<Batch<TFloat32>> loss = (ops, batch, none) -> {
      Operand<TFloat32> predictions = model.output(ops, batch.inputs(), none);
      return List.of(
          scratch
              ? Scratch.halfSquares(ops, predictions, batch.labels())
              : Losses.meanSquaredError(ops, predictions, batch.labels()));
    };

    // Optimizer
    double rate = run.get(LEARNING_RATE);
    Optimizer optimizer = scratch ? Scratch.sgd(rate) : Optimizer.sgd(rate);

    // Loop and evaluation
    Evaluation evaluation = trainer.evaluation(data, loss);
    Found found = new Found(run, run.get(TRUE_W), run.get(TRUE_B));
    trainer.train(data, loss, optimizer, run.get(EPOCHS).intValue(), run.get(BATCH_SIZE).intValue(), epoch ->
        found.log(epoch, evaluation.means()[0], trainer.values(w), trainer.values(b)[0]));
  }

  private static Operand<TFloat32> linear(Ops tf, Operand<TFloat32> x, Operand<TFloat32> w, Operand<TFloat32> b) {
    return tf.math.add(tf.linalg.matMul(x, w), b);
  }
}
