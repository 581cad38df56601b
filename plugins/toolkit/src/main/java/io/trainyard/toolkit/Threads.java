package io.trainyard.toolkit;

import java.util.concurrent.Executor;

/** Where work beside the training runs; for any thread. */
final class Threads {
  /**
   * A daemon thread for each piece of work. The common pool has one thread on two cores, and as of Java 25 a
   * CompletableFuture takes it all the same: a host that does not answer would keep the others waiting.
   */
  static final Executor EACH =
      work -> {
        Thread thread = new Thread(work, "beside");
        thread.setDaemon(true);
        thread.start();
      };

  private Threads() {}
}
