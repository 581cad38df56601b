package io.trainyard.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TaskSpecTest {
  private static final Param.Real RATE = Param.real("learning_rate", 0.1, "size of a step");
  private static final Metric LOSS = Metric.minimize("test/loss");

  @Test
  void whatJudgesCheckpointsHasAGoal() {
    assertThat(TaskSpec.of("t", "A test").best(LOSS).best()).isEqualTo(LOSS);
    assertThat(TaskSpec.of("t", "A test").best()).isNull();
    assertThatThrownBy(() -> TaskSpec.of("t", "A test").best(Metric.of("grad/norm")))
        .hasMessage("task t judges by grad/norm, which has no goal");
  }

  @Test
  void aBandSaysForWhichParamsItHolds() {
    Band band = Band.of(LOSS, 0.48, 0.492).at(5).when(RATE, 0.1).source("a book");
    assertThat(TaskSpec.of("t", "A test").bands(band).bands()).containsExactly(band);
    assertThat(band.point()).isEqualTo(5);
    assertThat(band.when()).containsEntry("learning_rate", 0.1).hasSize(1);
    assertThatThrownBy(() -> Band.of(LOSS, 2, 1)).hasMessageContaining("cannot go from 2.0 to 1.0");
    assertThatThrownBy(() -> Band.of(LOSS, Double.NaN, 1)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> Band.of(LOSS, 0, Double.POSITIVE_INFINITY)).hasMessageContaining("two finite ends");
    assertThatThrownBy(() -> band.at(0)).hasMessageContaining("at point 0");
  }

  @Test
  void onlyARateDependsOnTheClock() {
    assertThat(Metric.rate("examples").timed()).isTrue();
    assertThat(LOSS.timed()).isFalse();
  }

  @Test
  void aModelTakesPicturesThatThereAre() {
    assertThat(new Predictor.Input(28, 28, 1).channels()).isEqualTo(1);
    assertThatThrownBy(() -> new Predictor.Input(28, 28, 2)).hasMessageContaining("28 x 28 x 2");
    assertThatThrownBy(() -> new Predictor.Input(0, 28, 1)).hasMessageContaining("0 x 28");
  }
}
