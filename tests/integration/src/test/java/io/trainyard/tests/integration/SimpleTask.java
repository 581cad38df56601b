package io.trainyard.tests.integration;

/** Sources of small tasks, for tests of JARs. */
final class SimpleTask {
  private SimpleTask() {}

  /** Logs {@code value} as {@code train/loss} at each of its steps. */
  static PluginJar jar(String taskId, double value) {
    return PluginJar.of("simple.Simple", source(taskId, value, "", ""));
  }

  /** A class {@code simple.Simple}. */
  static String source(String taskId, double value, String members, String firstStatement) {
    return """
        package simple;

        import io.trainyard.spi.*;
        import java.nio.file.*;
        import java.util.*;

        public final class Simple implements Task {
          static final Param.Int STEPS = Param.integer("steps", 3, "how many").between(1, 100000);
          static final Metric LOSS = Metric.minimize("train/loss");
          %s

          @Override
          public TaskSpec spec() {
            return TaskSpec.of("%s", "Simple").description("Logs a constant.").params(STEPS).metrics(LOSS);
          }

          @Override
          public void train(Run run) {
            %s
            for (Epoch epoch : run.epochs(1)) {
              for (Steps block : epoch.steps(Math.toIntExact(run.get(STEPS)), 1)) {
                run.log(LOSS, block.first(), %s);
              }
            }
          }
        }
        """
        .formatted(members, taskId, firstStatement, value);
  }
}
