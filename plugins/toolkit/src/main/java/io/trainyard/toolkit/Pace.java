package io.trainyard.toolkit;

import io.trainyard.spi.Run;
import java.util.concurrent.TimeUnit;

/** Slows a training down to so many steps a second, to be watched; used by the training thread. */
final class Pace {
  private static final long NAP_MS = 20;

  private final double stepsPerSecond;
  private final long start = System.nanoTime();

  /** At 0, full speed. */
  Pace(double stepsPerSecond) {
    this.stepsPerSecond = stepsPerSecond;
  }

  /** The largest block that still gives 20 blocks a second. */
  int block(int largest) {
    return stepsPerSecond == 0 ? largest : (int) Math.max(1, Math.min(largest, stepsPerSecond / 20));
  }

  /** Waits until this step is due, or a stop is asked for. */
  void after(long step, Run run) throws InterruptedException {
    if (stepsPerSecond == 0) {
      return;
    }
    long due = start + (long) (step / stepsPerSecond * 1e9);
    for (long left = due - System.nanoTime(); left > 0 && !run.stopping(); left = due - System.nanoTime()) {
      TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(NAP_MS)));
    }
  }
}
