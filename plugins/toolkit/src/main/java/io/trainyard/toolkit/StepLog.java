package io.trainyard.toolkit;

import io.trainyard.spi.DivergedException;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Run;
import io.trainyard.spi.Steps;

/** Logs what the steps of a block recorded, metric by metric; used by the thread that trains. */
final class StepLog {
  private final Run run;
  private final int width;
  private final int objective;
  private final Metric[] norms;
  private final float[] records;
  private final float[] column;

  StepLog(Run run, Plan<?> plan, int most) {
    this.run = run;
    this.width = plan.width();
    this.objective = plan.objective().count();
    this.norms = new Metric[width - objective];
    for (int i = 0; i < norms.length; i++) {
      norms[i] =
          i == 0 ? Trainer.GRAD_NORM : Metric.of(Trainer.GRAD_NORM.name() + "/" + plan.groups().get(i - 1).name());
    }
    this.records = new float[most * width];
    this.column = new float[most];
  }

  /** What a stepper fills: the numbers of a step, then those of the next. */
  float[] records() {
    return records;
  }

  float record(int step, int number) {
    return records[step * width + number];
  }

  /** The norm over all gradients; asked only where they are measured. */
  float norm(int step) {
    return record(step, objective);
  }

  /**
   * Logs a block: each step's loss and norms.
   *
   * @throws DivergedException at the first step whose loss is not finite; the whole block is logged before
   */
  void log(Steps steps) {
    log(Trainer.TRAIN_LOSS, steps, 0);
    for (int i = 0; i < norms.length; i++) {
      log(norms[i], steps, objective + i);
    }
    for (int i = 0; i < steps.count(); i++) {
      float loss = record(i, 0);
      if (!Float.isFinite(loss)) {
        throw new DivergedException(steps.first() + i, "the loss is " + loss + "; try a smaller learning_rate");
      }
    }
  }

  private void log(Metric metric, Steps steps, int number) {
    for (int i = 0; i < steps.count(); i++) {
      column[i] = record(i, number);
    }
    run.log(metric, steps, column);
  }
}
