package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Waits for another process by asking again and again, until a deadline. The test's own thread. */
final class Eventually {
  private static final long EVERY_NS = Duration.ofMillis(20).toNanos();

  private Eventually() {}

  /** A question whose answer may not be there yet. */
  @FunctionalInterface
  interface Question<T> {
    Optional<T> ask() throws Exception;
  }

  /** Something that may not be so yet. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws Exception;
  }

  static <T> T get(String what, int seconds, Question<T> question) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    do {
      Optional<T> answer = question.ask();
      if (answer.isPresent()) {
        return answer.get();
      }
      LockSupport.parkNanos(EVERY_NS);
    } while (System.nanoTime() < deadline);
    return fail("not within " + seconds + " s: " + what);
  }

  static void that(String what, int seconds, Condition condition) throws Exception {
    get(what, seconds, () -> condition.holds() ? Optional.of(true) : Optional.empty());
  }
}
