package io.trainyard.toolkit;

import io.trainyard.spi.Epoch;
import io.trainyard.spi.Run;
import io.trainyard.spi.Steps;
import java.util.Arrays;
import java.util.function.Consumer;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;

/** The loop over epochs and blocks of steps, whatever shape they are run in; used by the thread that trains. */
final class Loop implements AutoCloseable {
  private final Run run;
  private final Plan<?> plan;
  private final int examples;
  private final int batch;
  private final int whole;
  private final int rest;
  private final Stepper stepper;
  private final Stepper last;
  private final StepLog log;
  private final double[] sums;

  /** Builds its operations; the last batch of an epoch is a shorter one where the others do not use up the data. */
  Loop(Run run, Ops tf, Session session, Plan<?> plan, int wantedBatch) {
    this.run = run;
    this.plan = plan;
    examples = plan.data().size();
    batch = Math.min(wantedBatch, examples);
    whole = examples / batch;
    rest = examples % batch;
    stepper = LoopShape.stepper(tf, session, plan, batch, whole, run.device());
    last = rest == 0 ? stepper : LoopShape.stepper(tf, session, plan, rest, 1, run.device());
    // A block may end with the shorter batch.
    log = new StepLog(run, plan, stepper.most() + 1);
    sums = new double[plan.objective().count()];
  }

  /** Of the epoch that has begun: the objective's means times the examples. A checkpoint keeps them. */
  double[] sums() {
    return sums;
  }

  void run(int epochs, Pace pace, Consumer<Trainer.EpochEnd> afterEpoch) throws InterruptedException {
    Order order = new Order(examples, run.seed());
    int perEpoch = whole + (rest == 0 ? 0 : 1);
    for (Epoch epoch : run.epochs(epochs)) {
      int done = epoch.done();
      if (done == 0) {
        Arrays.fill(sums, 0);
      }
      int[] rows = order.of(epoch.number());
      long begun = System.nanoTime();
      long trained = 0;
      long step = 0;
      for (Steps steps : epoch.steps(perEpoch, pace.block(stepper.most()))) {
        trained += block(rows, done, steps);
        done += steps.count();
        step = steps.last();
        pace.after(steps, run);
      }
      if (done == perEpoch) {
        run.log(Trainer.RATE, step, trained * 1e9 / (System.nanoTime() - begun));
        double[] means = Arrays.stream(sums).map(it -> it / examples).toArray();
        afterEpoch.accept(new Trainer.EpochEnd(epoch.number(), step, means));
      }
    }
  }

  /** Trains and logs a block; answers how many examples it had. */
  private int block(int[] rows, int done, Steps steps) {
    int full = Math.min(steps.count(), whole - done);
    if (full > 0) {
      stepper.run(rows, done * batch, steps.first(), full, log.records(), 0);
    }
    if (full < steps.count()) {
      last.run(rows, whole * batch, steps.last(), 1, log.records(), full * plan.width());
    }
    log.log(steps);
    int trained = 0;
    for (int i = 0; i < steps.count(); i++) {
      int count = i < full ? batch : rest;
      for (int m = 0; m < sums.length; m++) {
        sums[m] += (double) log.record(i, m) * count;
      }
      trained += count;
    }
    return trained;
  }

  @Override
  public void close() {
    stepper.close();
    if (last != stepper) {
      last.close();
    }
  }
}
