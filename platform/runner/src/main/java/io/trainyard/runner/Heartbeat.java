package io.trainyard.runner;

import io.trainyard.client.Control;
import io.trainyard.client.OutputLog;
import java.io.IOException;
import java.nio.file.Path;

/** Says four times a second that this process lives, and keeps its output small; a daemon thread. */
final class Heartbeat {
  private static final long EVERY_MS = 250;

  private Heartbeat() {}

  static void start(Control control, Path directory) {
    OutputLog output = new OutputLog(directory, control);
    Thread thread =
        new Thread(
            () -> {
              while (true) {
                control.beat(System.currentTimeMillis());
                try {
                  output.trim();
                } catch (IOException fullDisk) {
                  // The file stays as it is until there is room; the training does not care.
                  control.beat(System.currentTimeMillis());
                }
                try {
                  Thread.sleep(EVERY_MS);
                } catch (InterruptedException e) {
                  return;
                }
              }
            },
            "heartbeat");
    thread.setDaemon(true);
    thread.start();
  }
}
