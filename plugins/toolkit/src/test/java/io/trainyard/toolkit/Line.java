package io.trainyard.toolkit;

import io.trainyard.spi.Param;
import io.trainyard.spi.Run;
import io.trainyard.spi.Task;
import io.trainyard.spi.TaskSpec;
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
  static final Param.Real PACE = Param.real("steps_per_second", 0, "0 is full speed");

  @Override
  public TaskSpec spec() {
    return TaskSpec.of("line", "A line").params(EXAMPLES, BATCH, EPOCHS, RATE, PACE);
  }

  @Override
  public void train(Run run) throws InterruptedException {
    try (Trainer trainer = new Trainer(run).pace(run.get(PACE))) {
      Ops tf = trainer.tf();
      Operand<TFloat32> x = trainer.normal(Shape.of(run.get(EXAMPLES), 1), 1);
      Data data = trainer.data(x, tf.math.mul(x, tf.constant(3f)));
      Variable w = trainer.variable("w", trainer.normal(Shape.of(1, 1), 0.01));
      Objective objective =
          (ops, batch) ->
              Losses.meanSquaredError(ops, ops.linalg.matMul(batch.inputs(), w.read(ops)), batch.labels());
      trainer.train(
          data,
          objective,
          Optimizer.sgd(run.get(RATE)),
          run.get(EPOCHS).intValue(),
          run.get(BATCH).intValue(),
          (epoch, loss) -> run.provenance("w", Float.toString(trainer.values(w)[0])));
    }
  }
}
