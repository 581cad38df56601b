package io.trainyard.tests.crash;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for something to become true, and says what it was when it does not. Blocks the caller. */
final class Await {
  private static final long LOOK_EVERY_NANOS = 5_000_000;

  private Await() {}

  static void until(String what, Duration patience, BooleanSupplier condition) {
    until(() -> what, patience, condition);
  }

  /** {@code what} is asked for only when the wait has failed: it may tell how far things had come. */
  static void until(Supplier<String> what, Duration patience, BooleanSupplier condition) {
    if (!within(patience, condition)) {
      throw new AssertionError("waited " + patience.toMillis() + " ms in vain for: " + what.get());
    }
  }

  /** Whether it became true in time. */
  static boolean within(Duration patience, BooleanSupplier condition) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
    return true;
  }
}
