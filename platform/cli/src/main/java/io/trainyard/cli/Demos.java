package io.trainyard.cli;

import java.util.List;
import java.util.Map;

/** What {@code trainyard demo} trains: settings that give a minute or more of live curves on any machine. */
final class Demos {
  private Demos() {}

  /** The params of each run of this task; a task that is not known here is trained once with its defaults. */
  static List<Map<String, Object>> of(String task) {
    return switch (task) {
      case "linreg" ->
          // The same small steps for both: the concise loss lacks the half, so its gradient is twice as long and it is
          // there in half the steps.
          List.of(
              Map.of("implementation", "scratch", "epochs", 180, "learning_rate", 0.0005, "steps_per_second", 200),
              Map.of("implementation", "concise", "epochs", 180, "learning_rate", 0.0005, "steps_per_second", 200));
      // 10 epochs of 235 steps: some 70 s, which any machine can keep up with.
      case "softmax" -> List.of(Map.of("implementation", "fused", "epochs", 10, "steps_per_second", 35));
      case "mlp" -> List.of(Map.of("epochs", 10, "steps_per_second", 35));
      case "text-preprocessing" -> List.of(Map.of("unit", "word"));
      // 13 epochs of 136 to 160 steps, by the corpus that is there: 70 s and more, and a sample after each.
      case "rnn-lm" ->
          List.of(
              Map.of(
                  "optimizer", "adam",
                  "learning_rate", 0.003,
                  "hidden_size", 128,
                  "epochs", 13,
                  "sample_every", 1,
                  "steps_per_second", 25));
      default -> List.of(Map.of());
    };
  }
}
