package io.trainyard.linreg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.spi.Task;
import io.trainyard.testkit.RecordingRun;
import io.trainyard.testkit.TaskContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LinregTest extends TaskContract {
  @Override
  protected Task task() {
    return new Linreg();
  }

  @Override
  protected Map<String, ?> quick() {
    return Map.of("examples", 205, "epochs", 2);
  }

  @Test
  void itReportsTheWeightsItFoundAndTheirErrors() throws Exception {
    RecordingRun run = run("scratch").train();
    assertThat(run.last("weight/0")).isEqualTo(2, within(0.002));
    assertThat(run.last("weight/1")).isEqualTo(-3.4, within(0.002));
    assertThat(run.last("weight/b")).isEqualTo(4.2, within(0.002));
    double worst = Math.max(Math.abs(run.last("weight/0") - 2), Math.abs(run.last("weight/1") + 3.4));
    assertThat(run.last("error/w")).isEqualTo(worst, within(1e-12));
    assertThat(run.last("error/b")).isEqualTo(Math.abs(run.last("weight/b") - 4.2), within(1e-12));
  }

  @Test
  void withoutNoiseItFindsAnyNumberOfWeightsExactly() throws Exception {
    RecordingRun run =
        run("concise").param("true_w", List.of(1, -2, 3, 0.5, 7)).param("true_b", -1).param("noise", 0).train();
    assertThat(run.last("error/w")).isLessThan(1e-4);
    assertThat(run.last("weight/4")).isEqualTo(7, within(1e-4));
    assertThat(run.last("weight/b")).isEqualTo(-1, within(1e-4));
  }

  @Test
  void conciseIsScratchWithTwiceTheLossAndTwiceTheRate() throws Exception {
    double[] scratch = run("scratch").param("learning_rate", 0.02).train().values("train/loss");
    double[] concise = run("concise").param("learning_rate", 0.01).train().values("train/loss");
    for (int i = 0; i < 100; i++) {
      assertThat(concise[i]).isEqualTo(2 * scratch[i], within(1e-4 * concise[i] + 1e-6));
    }
  }

  @Test
  void anotherSeedGivesOtherDataAndOtherSteps() throws Exception {
    assertThat(run("scratch").seed(1).train().values("train/loss"))
        .isNotEqualTo(run("scratch").seed(2).train().values("train/loss"));
  }

  @Test
  void theFingerprintNamesTheDataAndNothingElse() throws Exception {
    String data = run("scratch").seed(1).train().provenance().get("data.sha256");
    assertThat(data).matches("[0-9a-f]{64}");
    assertThat(run("concise").seed(1).param("learning_rate", 0.01).train().provenance())
        .containsEntry("data.sha256", data);
    assertThat(run("scratch").seed(2).train().provenance().get("data.sha256")).isNotEqualTo(data);
  }

  private static RecordingRun run(String implementation) {
    return new RecordingRun(new Linreg()).param("implementation", implementation);
  }
}
