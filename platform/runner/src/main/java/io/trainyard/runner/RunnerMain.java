package io.trainyard.runner;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * The process that trains one run: loads TensorFlow, waits for an assignment on its standard input, trains, and ends.
 * Or the assignment is to ask a trained model, and it answers and ends.
 *
 * <p>The end of the input before an assignment means that the hub is gone, and it leaves. After the assignment nothing
 * is read any more: the hub may die, the training goes on.
 */
public final class RunnerMain {
  private RunnerMain() {}

  public static void main(String[] args) throws Exception {
    preferToDie();
    SimpleLogging.configure();
    LoggerFactory.getLogger(RunnerMain.class);
    Warmup.run();
    String line;
    try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      line = in.readLine();
    }
    if (line == null || line.isBlank()) {
      Exit.now(0);
      return;
    }
    Order order;
    try {
      order = Order.parse(line);
    } catch (IOException | IllegalArgumentException e) {
      LoggerFactory.getLogger(RunnerMain.class).error("The assignment cannot be read: {}", e.getMessage());
      Exit.now(2);
      return;
    }
    if (order instanceof Question question) {
      new Answering(question).run();
    } else if (order instanceof Assignment assignment) {
      new Training(assignment).run();
    }
    Exit.now(0);
  }

  /** When memory runs out, the system shall end a runner rather than the hub, which holds everybody's data. */
  private static void preferToDie() {
    try {
      Files.writeString(Path.of("/proc/self/oom_score_adj"), "500");
    } catch (IOException notLinux) {
      // Only a preference.
      return;
    }
  }
}
