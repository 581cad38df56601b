package io.trainyard.toolkit;

import io.trainyard.spi.Run;
import io.trainyard.spi.Steps;
import java.util.concurrent.TimeUnit;

/** Slows a training down to so many steps a second, to be watched; used by the training thread. */
final class Pace {
  private static final long NAP_MS = 20;

  private final double stepsPerSecond;
  private final long start = System.nanoTime();
  private long done;

  /** At 0, full speed. */
  Pace(double stepsPerSecond) {
    this.stepsPerSecond = stepsPerSecond;
  }

  /** The largest block that still gives 20 blocks a second. */
  int block(int largest) {
    return stepsPerSecond == 0 ? largest : (int) Math.max(1, Math.min(largest, stepsPerSecond / 20));
  }

  /** Waits until these steps are due, or a stop is asked for. */
  void after(Steps steps, Run run) throws InterruptedException {
    if (stepsPerSecond == 0) {
      return;
    }
    // Counted here: a training that is resumed begins with a high step, and owes none of those before.
    done += steps.count();
    long due = start + (long) (done / stepsPerSecond * 1e9);
    for (long left = due - System.nanoTime(); left > 0 && !run.stopping(); left = due - System.nanoTime()) {
      TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(NAP_MS)));
    }
  }
}
