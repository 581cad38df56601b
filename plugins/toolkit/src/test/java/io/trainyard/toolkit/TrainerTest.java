package io.trainyard.toolkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.spi.DivergedException;
import io.trainyard.testkit.RecordingRun;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;

@Timeout(120)
final class TrainerTest {
  @Test
  void itLearnsAndLogsEachStepOnce() throws Exception {
    RecordingRun run = line(Map.of("epochs", 30)).train();
    assertThat(Float.parseFloat(run.provenance().get("w"))).isEqualTo(3f, within(1e-4f));
    assertThat(run.values("train/loss")).hasSize(150);
    assertThat(run.values("grad/norm")).hasSize(150);
    assertThat(run.values("epoch/train_loss")).hasSize(30);
    assertThat(run.last("epoch/train_loss")).isLessThan(1e-8);
  }

  @Test
  void lossAndNormAreThoseOfTheFormula() throws Exception {
    // One step over all: loss = (3 - w)² mean(x²), gradient = -2 (3 - w) mean(x²).
    RecordingRun run = line(Map.of("epochs", 1, "examples", 40, "batch_size", 40)).train();
    double loss = run.values("train/loss")[0];
    double norm = run.values("grad/norm")[0];
    double error = 2 * loss / norm;
    assertThat(error).isEqualTo(3, within(0.1));
    double w = Float.parseFloat(run.provenance().get("w"));
    assertThat(w).as("one step of gradient descent").isEqualTo(3 - error + 0.1 * norm, within(1e-4));
  }

  @Test
  void theBlocksThatStepsAreTrainedInDoNotChangeABit() throws Exception {
    RecordingRun blocks = line(Map.of("examples", 47)).train();
    RecordingRun single = line(Map.of("examples", 47, "steps_per_second", 15)).train();
    assertThat(single.repeatable()).containsExactlyInAnyOrderElementsOf(blocks.repeatable());
  }

  @Test
  void whatDoesNotFillTheLastBatchMakesAShorterOne() throws Exception {
    assertThat(line(Map.of("examples", 7, "batch_size", 3)).train().steps()).isEqualTo(2 * 3);
    assertThat(line(Map.of("examples", 7, "batch_size", 100)).train().steps()).isEqualTo(2);
    assertThat(line(Map.of("examples", 1, "batch_size", 1)).train().steps()).isEqualTo(2);
    // 250 whole batches and a short one: three calls.
    RecordingRun run = line(Map.of("examples", 501, "batch_size", 2, "learning_rate", 0.01)).train();
    assertThat(run.steps()).isEqualTo(2 * 251);
    assertThat(Arrays.stream(run.values("train/loss")).allMatch(it -> it >= 0)).isTrue();
  }

  @Test
  void aShorterBatchCountsItsOwnExamples() throws Exception {
    // Nothing is learned, so the batches of an epoch add up to the loss over all data.
    RecordingRun run = line(Map.of("examples", 23, "batch_size", 10, "learning_rate", 0, "epochs", 1)).train();
    double[] losses = run.values("train/loss");
    assertThat((10 * losses[0] + 10 * losses[1] + 3 * losses[2]) / 23)
        .isEqualTo(run.last("epoch/train_loss"), within(1e-5));
  }

  @Test
  void divergenceEndsItAtTheFirstStepWithoutAFiniteLoss() {
    RecordingRun run = line(Map.of("learning_rate", 1e9, "epochs", 20));
    assertThatThrownBy(run::train)
        .isInstanceOf(DivergedException.class)
        .satisfies(
            it -> {
              int step = (int) ((DivergedException) it).step();
              double[] losses = run.values("train/loss");
              assertThat(losses[step - 1]).isNotFinite();
              assertThat(losses[step - 2]).isFinite();
            });
  }

  @Test
  void aPacedTrainingKeepsItsPaceAndStopsAtOnce() throws Exception {
    long start = System.nanoTime();
    line(Map.of("steps_per_second", 20, "epochs", 2)).train();
    assertThat(System.nanoTime() - start).isGreaterThan(450_000_000L);
    RecordingRun stopped = line(Map.of("steps_per_second", 0.01)).stopAfter(0).train();
    assertThat(stopped.steps()).isZero();
  }

  @Test
  void aLongEvaluationLooksForAStopAndThenItsEpochIsNotDone() throws Exception {
    // Three chunks, so two looks.
    Map<String, ?> params = Map.of("examples", 25_000, "batch_size", 25_000, "epochs", 3);
    RecordingRun whole = line(params).train();
    RecordingRun stopped = line(params).stopAfter(2).checkpointAfter(1).train();
    assertThat(stopped.steps()).isEqualTo(2);
    assertThat(stopped.values("epoch/train_loss")).hasSize(1);
    assertThat(stopped.checkpointStep()).isEqualTo(1);
    RecordingRun rest = line(params).resume(stopped).train();
    assertThat(rest.repeatable())
        .containsExactlyElementsOf(whole.repeatable().stream().filter(it -> it.step() > 1).toList());
  }

  @Test
  void labelsOfAnotherShapeAreRefusedAndNeverBroadcast() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      var predictions = tf.constant(new float[][] {{1}, {2}});
      assertThatThrownBy(() -> Losses.meanSquaredError(tf, predictions, tf.constant(new float[] {1, 2})))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("labels have the shape [2], but predictions [2, 1]");
      assertThatThrownBy(() -> Losses.sameShape(predictions, tf.constant(new float[][] {{1, 2}})))
          .isInstanceOf(IllegalArgumentException.class);
      Losses.sameShape(predictions, tf.constant(new float[][] {{1}, {3}}));
    }
  }

  private static RecordingRun line(Map<String, ?> params) {
    return new RecordingRun(new Line()).params(params);
  }
}
