package io.trainyard.tests.crash.plugin;

import io.trainyard.spi.Epoch;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Param;
import io.trainyard.spi.Run;
import io.trainyard.spi.Steps;
import io.trainyard.spi.Task;
import io.trainyard.spi.TaskSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** A task that learns nothing: it logs the sequences of {@link Known} at a steady pace and counts them in its {@link Truth}. */
public final class KnownTask implements Task {
  public static final String ID = "known";

  private static final Param.Int STEPS = Param.integer("num_steps", 1000, "steps to train").atLeast(1);
  private static final Param.Int PACE = Param.integer("steps_per_second", 200, "how fast").atLeast(1);
  private static final Param.Int BLOCK = Param.integer("block", 10, "steps in a block").between(1, 1000);
  private static final Param.Text TRUTH = Param.text("truth", null, "the file that counts what was logged");
  private static final Metric[] METRICS =
      Arrays.stream(Known.values()).map(series -> Metric.of(series.series())).toArray(Metric[]::new);

  @Override
  public TaskSpec spec() {
    return TaskSpec.of(ID, "Known points").params(STEPS, PACE, BLOCK, TRUTH).metrics(METRICS);
  }

  @Override
  public void train(Run run) throws IOException {
    Truth truth = Truth.open(Path.of(run.get(TRUTH)));
    truth.started(ProcessHandle.current().pid());
    int block = run.get(BLOCK).intValue();
    float[] floats = new float[block];
    long nanosOfStep = 1_000_000_000L / run.get(PACE);
    long start = System.nanoTime();
    for (Epoch epoch : run.epochs(1)) {
      for (Steps steps : epoch.steps(run.get(STEPS).intValue(), block)) {
        for (long step = steps.first(); step <= steps.last(); step++) {
          point(run, truth, Known.ORDERED, step - 1);
          point(run, truth, Known.SHUFFLED, step - 1);
          point(run, truth, Known.REPEATED, step - 1);
          point(run, truth, Known.SPECIAL, step - 1);
        }
        for (int i = 0; i < steps.count(); i++) {
          floats[i] = (float) Known.BLOCKS.value(run.seed(), steps.first() - 1 + i);
        }
        truth.begin(Known.BLOCKS, steps.last());
        run.log(METRICS[Known.BLOCKS.ordinal()], steps, floats);
        truth.finish(Known.BLOCKS, steps.last());
        System.out.println("step " + steps.last());
        LockSupport.parkNanos(start + steps.last() * nanosOfStep - System.nanoTime());
      }
    }
    truth.returns();
  }

  private static void point(Run run, Truth truth, Known series, long index) {
    truth.begin(series, index + 1);
    run.log(METRICS[series.ordinal()], series.step(index), series.value(run.seed(), index));
    truth.finish(series, index + 1);
  }
}
