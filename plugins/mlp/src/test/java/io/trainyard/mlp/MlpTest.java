package io.trainyard.mlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.spi.Exhibit;
import io.trainyard.spi.Task;
import io.trainyard.testkit.RecordingRun;
import io.trainyard.testkit.TaskContract;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MlpTest extends TaskContract {
  /** Everything that has a state or draws numbers, so that the contract resumes it. */
  @Override
  protected Map<String, ?> quick() {
    return Map.of(
        "hidden_sizes", List.of(32, 16), "optimizer", "adam", "learning_rate", 0.002, "weight_decay", 0.1,
        "dropout", 0.2, "batch_size", 7000, "epochs", 2);
  }

  @Override
  protected Task task() {
    return new Mlp();
  }

  @ParameterizedTest
  @CsvSource({"sigmoid, 0, 0.01", "relu, 0.5, 10"})
  void inFiveLayersTheGradientOfASigmoidVanishesAndThatOfAReluDoesNot(String activation, double low, double high)
      throws Exception {
    RecordingRun run =
        run().param("hidden_sizes", List.of(256, 256, 256, 256, 256)).param("init", "xavier")
            .param("activation", activation).stopAfter(3).train();
    for (int step = 0; step < 3; step++) {
      double ratio = run.values("grad/norm/1")[step] / run.values("grad/norm/6")[step];
      assertThat(ratio).isBetween(low, high);
    }
  }

  @Test
  void theNormsOfTheLayersMakeUpTheNormOfAll() throws Exception {
    RecordingRun run = run().param("hidden_sizes", List.of(8, 8)).stopAfter(5).train();
    for (int step = 0; step < 5; step++) {
      double squares = 0;
      for (int layer = 1; layer <= 3; layer++) {
        squares += Math.pow(run.values("grad/norm/" + layer)[step], 2);
      }
      assertThat(Math.sqrt(squares)).isEqualTo(run.values("grad/norm")[step], within(1e-6));
    }
    RecordingRun without = run().param("grad_norms", false).stopAfter(5).train();
    assertThat(without.values("grad/norm")).isEmpty();
    assertThat(without.values("train/loss")).hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"relu", "sigmoid", "tanh", "none"})
  void writtenOutItIsTheSameModel(String activation) throws Exception {
    double[] scratch = run().param("activation", activation).param("implementation", "scratch").stopAfter(20).train()
        .values("train/loss");
    double[] concise = run().param("activation", activation).param("implementation", "concise").stopAfter(20).train()
        .values("train/loss");
    for (int i = 0; i < 20; i++) {
      assertThat(scratch[i]).isEqualTo(concise[i], within(1e-4));
    }
  }

  @ParameterizedTest
  @CsvSource({"sgd, 0.1", "momentum, 0.02", "adam, 0.001"})
  void eachOptimizerLearns(String optimizer, double rate) throws Exception {
    RecordingRun run = run().param("optimizer", optimizer).param("learning_rate", rate).stopAfter(150).train();
    assertThat(mean(run.values("train/loss"), 140)).isLessThan(0.95);
  }

  @Test
  void dropoutIsOfTheTrainingOnly() throws Exception {
    RecordingRun run = run().param("dropout", 0.5).param("batch_size", 1000).train();
    RecordingRun without = run().param("batch_size", 1000).train();
    assertThat(run.last("epoch/train_loss")).isGreaterThan(without.last("epoch/train_loss") + 0.02);
    assertThat(run.last("test/accuracy")).isGreaterThan(run.last("train/accuracy"));
  }

  @Test
  void weightDecayMakesTheWeightsSmaller() throws Exception {
    double free = spread(run().stopAfter(235).train());
    double held = spread(run().param("weight_decay", 0.05).stopAfter(235).train());
    assertThat(held).isLessThan(0.9 * free);
  }

  @Test
  void withoutHiddenLayersItIsSoftmaxRegression() throws Exception {
    RecordingRun run = run().param("hidden_sizes", List.of()).train();
    assertThat(run.last("epoch/train_loss")).isBetween(0.77, 0.81);
    assertThat(run.values("grad/norm")).hasSize(235);
  }

  @Test
  void itShowsActivationsWithTheirDerivatives() throws Exception {
    RecordingRun run = run().stopAfter(1).train();
    for (String name : List.of("relu", "sigmoid", "tanh")) {
      Exhibit.Curves curves = (Exhibit.Curves) run.exhibit("activation/" + name);
      assertThat(curves.x()[0]).isEqualTo(-8);
      assertThat(curves.x()[curves.x().length - 1]).isEqualTo(8);
      assertThat(curves.curves().get(0).name()).startsWith(name + "(x) = ");
      for (int i = 0; i < curves.x().length; i++) {
        double x = curves.x()[i];
        double sigmoid = 1 / (1 + Math.exp(-x));
        double value = name.equals("relu") ? Math.max(x, 0) : name.equals("sigmoid") ? sigmoid : Math.tanh(x);
        double slope =
            name.equals("relu") ? (x > 0 ? 1 : 0)
                : name.equals("sigmoid") ? sigmoid * (1 - sigmoid) : 1 - Math.tanh(x) * Math.tanh(x);
        assertThat(curves.curves().get(0).y()[i]).isEqualTo(value, within(1e-6));
        assertThat(curves.curves().get(1).y()[i]).isEqualTo(slope, within(1e-6));
      }
    }
  }

  @Test
  void itShowsHowTheWeightsOfEachLayerAreSpread() throws Exception {
    RecordingRun run = new RecordingRun(new Mlp()).params(quick()).train();
    for (int layer = 1; layer <= 3; layer++) {
      String name = "weights/" + layer;
      assertThat(run.exhibits().stream().filter(it -> it.name().equals(name)).map(RecordingRun.Shown::step))
          .containsExactly(9L, 18L);
      long weights = Arrays.stream(((Exhibit.Histogram) run.exhibit(name)).counts()).sum();
      assertThat(weights).isEqualTo(List.of(784 * 32, 32 * 16, 16 * 10).get(layer - 1).longValue());
    }
  }

  private static double mean(double[] values, int from) {
    return Arrays.stream(values, from, values.length).average().orElseThrow();
  }

  /** The width of the middle of the first layer's weights. */
  private static double spread(RecordingRun run) {
    Exhibit.Histogram histogram = (Exhibit.Histogram) run.exhibit("weights/1");
    double squares = 0;
    long count = 0;
    for (int i = 0; i < histogram.counts().length; i++) {
      double middle = (histogram.edges()[i] + histogram.edges()[i + 1]) / 2;
      squares += histogram.counts()[i] * middle * middle;
      count += histogram.counts()[i];
    }
    return Math.sqrt(squares / count);
  }

  private static RecordingRun run() {
    return new RecordingRun(new Mlp()).param("epochs", 1);
  }
}
