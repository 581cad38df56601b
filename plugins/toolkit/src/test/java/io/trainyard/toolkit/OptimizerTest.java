package io.trainyard.toolkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.testkit.RecordingRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One weight, all examples in each step, so that each update can be computed by hand from the loss and the norm. */
final class OptimizerTest {
  private static final int STEPS = 12;
  private static final double RATE = 0.05;

  /** 40 examples a step are tiny, 120,000 are not: both shapes of the loop. */
  @ParameterizedTest
  @CsvSource({
    "sgd, 0, 40", "momentum, 0, 40", "adam, 0, 40", "sgd, 0.5, 40", "momentum, 0.5, 40", "adam, 0.5, 40",
    "sgd, 0, 120000", "momentum, 0.5, 120000", "adam, 0.5, 120000"
  })
  void eachDoesWhatItsFormulaSays(String name, double decay, int examples) throws Exception {
    RecordingRun run =
        new RecordingRun(new Line())
            .param("examples", examples)
            .param("batch_size", examples)
            .param("epochs", STEPS)
            .param("learning_rate", RATE)
            .param("optimizer", name)
            .param("weight_decay", decay)
            .train();
    double[] losses = run.values("train/loss");
    double[] norms = run.values("grad/norm");
    // loss = (3 - w)² s and gradient = -2 (3 - w) s, with s the mean of x²; w begins at about 0.
    double w = 3 - 2 * losses[0] / norms[0];
    double s = norms[0] * norms[0] / losses[0] / 4;
    double m = 0;
    double v = 0;
    for (int step = 1; step <= STEPS; step++) {
      assertThat(losses[step - 1]).as("step " + step).isEqualTo((3 - w) * (3 - w) * s, within(1e-4));
      double gradient = -2 * (3 - w) * s;
      w -= RATE * decay * w;
      switch (name) {
        case "sgd" -> w -= RATE * gradient;
        case "momentum" -> {
          m = 0.9 * m + gradient;
          w -= RATE * m;
        }
        default -> {
          m = 0.9 * m + 0.1 * gradient;
          v = 0.999 * v + 0.001 * gradient * gradient;
          w -= RATE * (m / (1 - Math.pow(0.9, step))) / (Math.sqrt(v / (1 - Math.pow(0.999, step))) + 1e-8);
        }
      }
    }
    assertThat(Double.parseDouble(run.provenance().get("w"))).isEqualTo(w, within(1e-4));
  }

  @Test
  void anotherNameIsRefused() {
    assertThatThrownBy(() -> Optimizer.named("lion", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no optimizer lion, only sgd, momentum and adam");
  }
}
