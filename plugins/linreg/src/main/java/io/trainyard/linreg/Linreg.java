package io.trainyard.linreg;

import io.trainyard.spi.Metric;
import io.trainyard.spi.Param;
import io.trainyard.spi.Run;
import io.trainyard.spi.Task;
import io.trainyard.spi.TaskSpec;
import io.trainyard.toolkit.Data;
import io.trainyard.toolkit.Losses;
import io.trainyard.toolkit.Objective;
import io.trainyard.toolkit.Optimizer;
import io.trainyard.toolkit.Trainer;
import io.trainyard.toolkit.Variable;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Finds the w and b of y = Xw + b + noise by minibatch gradient descent. */
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
  static final Param.Real STEPS_PER_SECOND =
      Param.real("steps_per_second", 0, "slows the training down so that one can watch it; 0 is full speed").atLeast(0);

  static final Metric ERROR_W = Metric.minimize("error/w");
  static final Metric ERROR_B = Metric.minimize("error/b");
  static final Metric WEIGHT_B = Metric.of("weight/b");

  private static final Logger log = LoggerFactory.getLogger(Linreg.class);

  @Override
  public TaskSpec spec() {
    return TaskSpec.of("linreg", "Linear regression")
        .description("Makes data from known weights and finds them again. Two implementations of the same training.")
        .params(
            IMPLEMENTATION, TRUE_W, TRUE_B, NOISE, EXAMPLES, LEARNING_RATE, BATCH_SIZE, EPOCHS, STEPS_PER_SECOND)
        .metrics(Trainer.TRAIN_LOSS, Trainer.EPOCH_LOSS, Trainer.GRAD_NORM, ERROR_W, ERROR_B, WEIGHT_B);
  }

  @Override
  public void train(Run run) throws InterruptedException {
    boolean scratch = run.get(IMPLEMENTATION).equals("scratch");
    List<Double> trueW = run.get(TRUE_W);
    int features = trueW.size();
    int examples = run.get(EXAMPLES).intValue();
    double rate = run.get(LEARNING_RATE);
    Metric[] weights = new Metric[features];
    for (int i = 0; i < features; i++) {
      weights[i] = Metric.of("weight/" + i);
    }

    try (Trainer trainer = new Trainer(run).pace(run.get(STEPS_PER_SECOND))) {
      Ops tf = trainer.tf();

      // Data
      Operand<TFloat32> x = trainer.normal(Shape.of(examples, features), 1);
      Operand<TFloat32> noise = trainer.normal(Shape.of(examples, 1), run.get(NOISE));
      Operand<TFloat32> exact = linear(tf, x, column(tf, trueW), tf.constant(run.get(TRUE_B).floatValue()));
      Data data = trainer.data(x, tf.math.add(exact, noise));

      // Model
      Variable w = trainer.variable("w", trainer.normal(Shape.of(features, 1), 0.01));
      Variable b = trainer.variable("b", tf.constant(new float[] {0}));

      // Loss
      Objective objective =
          (ops, batch) -> {
            Operand<TFloat32> predictions = linear(ops, batch.inputs(), w.read(ops), b.read(ops));
            return scratch
                ? halfSquares(ops, predictions, batch.labels())
                : Losses.meanSquaredError(ops, predictions, batch.labels());
          };

      // Optimizer: the gradient is of the mean, that is of the sum divided by the batch
      Optimizer optimizer =
          scratch
              ? (ops, variable, gradient) ->
                  ops.assignSubVariableOp(
                      variable.handle(ops), ops.math.mul(gradient, ops.constant((float) rate)))
              : Optimizer.sgd(rate);

      // Loop and evaluation
      int epochs = run.get(EPOCHS).intValue();
      int batch = run.get(BATCH_SIZE).intValue();
      trainer.train(data, objective, optimizer, epochs, batch, (epoch, loss) -> {
        log.info(String.format("epoch %d, loss %f", epoch.number(), loss));
        float[] found = trainer.values(w);
        double worst = 0;
        for (int i = 0; i < features; i++) {
          run.log(weights[i], epoch.step(), found[i]);
          worst = Math.max(worst, Math.abs(found[i] - trueW.get(i)));
        }
        float bias = trainer.values(b)[0];
        run.log(WEIGHT_B, epoch.step(), bias);
        run.log(ERROR_W, epoch.step(), worst);
        run.log(ERROR_B, epoch.step(), Math.abs(bias - run.get(TRUE_B)));
      });
    }
  }

  private static Operand<TFloat32> linear(Ops tf, Operand<TFloat32> x, Operand<TFloat32> w, Operand<TFloat32> b) {
    return tf.math.add(tf.linalg.matMul(x, w), b);
  }

  /** The mean of (prediction - label)² / 2. */
  static Operand<TFloat32> halfSquares(Ops tf, Operand<TFloat32> predictions, Operand<TFloat32> labels) {
    Losses.sameShape(predictions, labels);
    Operand<TFloat32> error = tf.math.sub(predictions, labels);
    return Losses.mean(tf, tf.math.div(tf.math.square(error), tf.constant(2f)));
  }

  private static Operand<TFloat32> column(Ops tf, List<Double> values) {
    float[][] column = new float[values.size()][1];
    for (int i = 0; i < column.length; i++) {
      column[i][0] = values.get(i).floatValue();
    }
    return tf.constant(column);
  }
}
