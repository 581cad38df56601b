package io.trainyard.runner;

import java.util.concurrent.TimeUnit;

/** Ends the process, whatever a plugin has left behind; called once, by the main thread. */
final class Exit {
  private static final long PATIENCE_S = 3;

  private Exit() {}

  /**
   * {@code System.exit} ends threads that a plugin leaked, but waits for its shutdown hooks and for a lock that it may
   * hold; after {@value #PATIENCE_S} s nothing is waited for.
   */
  static void now(int status) {
    Thread last =
        new Thread(
            () -> {
              try {
                TimeUnit.SECONDS.sleep(PATIENCE_S);
              } catch (InterruptedException hurry) {
                Runtime.getRuntime().halt(status);
              }
              Runtime.getRuntime().halt(status);
            },
            "halt");
    last.setDaemon(true);
    last.start();
    System.exit(status);
  }
}
