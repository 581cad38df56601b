package io.trainyard.toolkit;

import io.trainyard.spi.Metric;
import io.trainyard.spi.Param;
import io.trainyard.spi.Run;
import io.trainyard.spi.Task;
import io.trainyard.spi.TaskSpec;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The smallest use of the trainer: y = 3x, one weight. */
public final class Line implements Task {
  static final Param.Int EXAMPLES = Param.integer("examples", 50, "how many");
  static final Param.Int BATCH = Param.integer("batch_size", 10, "examples in a step");
  static final Param.Int EPOCHS = Param.integer("epochs", 2, "passes");
  static final Param.Real RATE = Param.real("learning_rate", 0.1, "size of a step");
  static final Param.Choice OPTIMIZER = Param.choice("optimizer", "how it steps", "sgd", "momentum", "adam");
  static final Param.Real DECAY = Param.real("weight_decay", 0, "shrinks the weight");
  static final Param.Real DROPOUT = Param.real("dropout", 0, "of the inputs").between(0, 0.9);
  static final Param.Real PACE = Param.real("steps_per_second", 0, "0 is full speed");
  static final Metric STEPS_LOSS = Metric.minimize("steps/loss");

  @Override
  public TaskSpec spec() {
    return TaskSpec.of("line", "A line").params(EXAMPLES, BATCH, EPOCHS, RATE, OPTIMIZER, DECAY, DROPOUT, PACE);
  }

  @Override
  public void train(Run run) throws Exception {
    Trainer.with(run, trainer -> train(run, trainer.pace(run.get(PACE))));
  }

  private static void train(Run run, Trainer trainer) throws Exception {
    Ops tf = trainer.tf();
    Operand<TFloat32> x = trainer.normal(Shape.of(run.get(EXAMPLES), 1), 1);
    Data<Batch<TFloat32>> data = trainer.data(x, tf.math.mul(x, tf.constant(3f)));
    Variable w = trainer.variable("w", trainer.normal(Shape.of(1, 1), 0.01));
    Objective<Batch<TFloat32>> loss =
        (ops, batch, noise) -> {
          Operand<TFloat32> kept = noise.dropout(ops, batch.inputs(), run.get(DROPOUT));
          return List.of(Losses.meanSquaredError(ops, ops.linalg.matMul(kept, w.read(ops)), batch.labels()));
        };
    Optimizer optimizer = Optimizer.named(run.get(OPTIMIZER), run.get(RATE)).decay(run.get(RATE), run.get(DECAY));
    Evaluation evaluation = trainer.evaluation(data, loss);
    trainer.train(
        data,
        loss,
        optimizer,
        run.get(EPOCHS).intValue(),
        run.get(BATCH).intValue(),
        epoch -> {
          run.log(Trainer.EPOCH_LOSS, epoch.step(), evaluation.means()[0]);
          run.log(STEPS_LOSS, epoch.step(), epoch.means()[0]);
          run.provenance("w", Float.toString(trainer.values(w)[0]));
        });
  }
}
