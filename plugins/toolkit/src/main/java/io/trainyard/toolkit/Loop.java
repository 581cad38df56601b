package io.trainyard.toolkit;

import io.trainyard.spi.Epoch;
import io.trainyard.spi.Run;
import io.trainyard.spi.Steps;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;

/** The loop over epochs and blocks of steps, whatever shape they are run in; used by the thread that trains. */
final class Loop implements AutoCloseable {
  private final Run run;
  private final Plan<?> plan;
  private final Sampler sampler;
  private final int batch;
  private final Stepper stepper;
  private final Map<Integer, Stepper> shorter = new HashMap<>();
  private final IntFunction<Stepper> makeShorter;
  private final StepLog log;
  private final double[] sums;
  private final Runnable begin;

  /**
   * Builds its operations; the last batch of an epoch is a shorter one where the others do not use up the data.
   *
   * @param begin is called when an epoch begins, but not when one goes on
   */
  Loop(Run run, Ops tf, Session session, Plan<?> plan, int wantedBatch, Runnable begin) {
    this.run = run;
    this.plan = plan;
    this.begin = begin;
    sampler = plan.data().sampler(run.seed());
    int examples = plan.data().size();
    batch = Math.min(wantedBatch, examples);
    stepper = LoopShape.stepper(tf, session, plan, batch, examples / batch, run.device());
    makeShorter = size -> LoopShape.stepper(tf, session, plan, size, 1, run.device());
    if (examples % batch > 0) {
      shorter(examples % batch);
    }
    // A block may end with the shorter batch.
    log = new StepLog(run, plan, stepper.most() + 1);
    sums = new double[plan.objective().count() + (plan.clip() > 0 ? 1 : 0)];
  }

  /** Epochs may differ in what is left for the last batch: one for each such size. */
  private Stepper shorter(int size) {
    return shorter.computeIfAbsent(size, makeShorter::apply);
  }

  /**
   * Of the epoch that has begun: the objective's means times the examples, and the steps that were clipped where any
   * can be. A checkpoint keeps them.
   */
  double[] sums() {
    return sums;
  }

  /**
   * Trains.
   *
   * @param enough asked after each epoch: whether it was the last, though there could be more
   */
  void run(int epochs, Pace pace, Consumer<Trainer.EpochEnd> afterEpoch, BooleanSupplier enough)
      throws InterruptedException {
    Iterator<Epoch> all = run.epochs(epochs).iterator();
    // The iterator is asked before: an epoch is done, and saved, when it is asked for the next one.
    while (all.hasNext() && !enough.getAsBoolean()) {
      Epoch epoch = all.next();
      int done = epoch.done();
      if (done == 0) {
        Arrays.fill(sums, 0);
        begin.run();
      }
      int[] rows = sampler.rows(epoch.number());
      int perEpoch = (rows.length + batch - 1) / batch;
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
        run.log(plan.data().rate(), step, trained * plan.data().each() * 1e9 / (System.nanoTime() - begun));
        int objective = plan.objective().count();
        if (plan.clip() > 0) {
          run.log(Trainer.CLIPPED_SHARE, step, sums[objective] / perEpoch);
        }
        double[] means = Arrays.stream(sums, 0, objective).map(it -> it / rows.length).toArray();
        afterEpoch.accept(new Trainer.EpochEnd(epoch.number(), step, means));
      }
    }
  }

  /** Trains and logs a block; answers how many examples it had. */
  private int block(int[] rows, int done, Steps steps) {
    int whole = rows.length / batch;
    int rest = rows.length % batch;
    int full = Math.min(steps.count(), whole - done);
    if (full > 0) {
      stepper.run(rows, done * batch, steps.first(), full, log.records(), 0);
    }
    if (full < steps.count()) {
      shorter(rest).run(rows, whole * batch, steps.last(), 1, log.records(), full * plan.width());
    }
    log.log(steps);
    int trained = 0;
    for (int i = 0; i < steps.count(); i++) {
      int count = i < full ? batch : rest;
      for (int m = 0; m < plan.objective().count(); m++) {
        sums[m] += (double) log.record(i, m) * count;
      }
      if (plan.clip() > 0 && plan.clips(log.norm(i))) {
        sums[sums.length - 1]++;
      }
      trained += count;
    }
    return trained;
  }

  @Override
  public void close() {
    stepper.close();
    shorter.values().forEach(Stepper::close);
  }
}
