package io.trainyard.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.spi.Epoch;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Param;
import io.trainyard.spi.Run;
import io.trainyard.spi.Steps;
import io.trainyard.spi.Task;
import io.trainyard.spi.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RecordingRunTest {
  private final List<Steps> blocks = new ArrayList<>();

  @Test
  void stepsAreCountedOverAllEpochsAndABlockNeverCrossesOne() throws Exception {
    RecordingRun run = new RecordingRun(new Counting()).train();
    assertThat(blocks).containsExactly(new Steps(1, 4), new Steps(5, 1), new Steps(6, 4), new Steps(10, 1));
    assertThat(run.values("x")).hasSize(10);
    assertThat(run.steps()).isEqualTo(10);
    assertThat(run.stepsAtStop()).isEqualTo(-1);
  }

  @Test
  void aStopEndsTheLoopsAfterTheBlockInWhichItIsAskedFor() throws Exception {
    RecordingRun run = new RecordingRun(new Counting()).stopAfter(2).train();
    assertThat(run.steps()).isEqualTo(4);
    assertThat(run.stepsAtStop()).isEqualTo(4);
    assertThat(run.nanosAfterStop()).isPositive();
  }

  @Test
  void paramsAreCheckedAsTheHubWould() {
    RecordingRun run = new RecordingRun(new Counting());
    assertThatThrownBy(() -> run.param("epochs", 0)).hasMessage("epochs must be at least 1, but is 0");
    assertThatThrownBy(() -> run.param("speed", 0)).hasMessageContaining("no param speed");
    assertThat(run.param("epochs", 3).get(Counting.EPOCHS)).isEqualTo(3L);
    assertThatThrownBy(() -> run.get(Param.flag("other", true, ""))).hasMessageContaining("not in the spec");
  }

  @Test
  void mistakesOfTheTaskAreNotSwallowed() {
    RecordingRun run = new RecordingRun(new Counting());
    assertThatThrownBy(() -> run.log(Metric.of("x"), new Steps(1, 2), new float[1])).hasMessageContaining("1 values");
    assertThatThrownBy(() -> run.epochs(0)).isInstanceOf(IllegalArgumentException.class);
    Epoch epoch = run.epochs(1).iterator().next();
    epoch.steps(1, 1);
    assertThatThrownBy(() -> epoch.steps(1, 1)).hasMessageContaining("twice");
  }

  private final class Counting implements Task {
    static final Param.Int EPOCHS = Param.integer("epochs", 2, "passes").atLeast(1);

    @Override
    public TaskSpec spec() {
      return TaskSpec.of("counting", "Counting").params(EPOCHS);
    }

    @Override
    public void train(Run run) {
      for (Epoch epoch : run.epochs(run.get(EPOCHS).intValue())) {
        for (Steps steps : epoch.steps(5, 4)) {
          blocks.add(steps);
          run.log(Metric.of("x"), steps, new float[4]);
        }
      }
    }
  }
}
