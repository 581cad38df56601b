package io.trainyard.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.spi.Epoch;
import io.trainyard.spi.Exhibit;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Param;
import io.trainyard.spi.Run;
import io.trainyard.spi.Steps;
import io.trainyard.spi.Task;
import io.trainyard.spi.TaskSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void aResumedRunGoesOnWithTheBlockAfterItsCheckpoint() throws Exception {
    RecordingRun stopped = new RecordingRun(new Walk()).stopAfter(14).train();
    assertThat(stopped.checkpointStep()).isEqualTo(14);
    assertThat(stopped.epochEnds()).containsExactly(10L);
    RecordingRun rest = new RecordingRun(new Walk()).resume(stopped).train();
    assertThat(rest.points().get(0).step()).isEqualTo(15);
    assertThat(rest.blockEnds()).startsWith(18L, 20L, 24L);
    assertThat(rest.epochEnds()).containsExactly(20L, 30L, 40L);
    assertThat(rest.steps()).isEqualTo(40);
    assertThat(new RecordingRun(new Walk()).resume(rest).train().points()).as("at its end nothing is left").isEmpty();
  }

  @Test
  void theOneCheckpointIsWhereItWasAskedFor() throws Exception {
    assertThat(new RecordingRun(new Walk()).checkpointAfter(9).train().checkpointStep()).isEqualTo(10);
    assertThat(new RecordingRun(new Walk()).checkpointAfter(11).train().checkpointStep()).isEqualTo(14);
    assertThat(new RecordingRun(new Walk()).train().checkpointStep()).isEqualTo(40);
  }

  @Test
  void whatCannotBeResumedSaysWhy() throws Exception {
    RecordingRun plain = new RecordingRun(new Counting()).train();
    assertThatThrownBy(() -> new RecordingRun(new Counting()).resume(plain)).hasMessageContaining("run.resumable");
    RecordingRun early = new RecordingRun(new Walk()).stopAfter(0).train();
    assertThatThrownBy(() -> new RecordingRun(new Walk()).resume(early)).hasMessageContaining("no place");
    RecordingRun walked = new RecordingRun(new Walk()).stopAfter(4).train();
    assertThatThrownBy(() -> new RecordingRun(new Counting()).resume(walked).train())
        .hasMessageContaining("has to call");
  }

  @Test
  void whatIsShownAndKeptIsThere(@TempDir Path dir) throws Exception {
    RecordingRun run = new RecordingRun(new Counting());
    run.show("sample", 3, new Exhibit.Text("a"));
    run.show("sample", 5, new Exhibit.Text("b"));
    assertThat(run.exhibit("sample")).isEqualTo(new Exhibit.Text("b"));
    assertThat(run.exhibits()).hasSize(2);
    assertThatThrownBy(() -> run.show("a\nb", 1, new Exhibit.Text(""))).isInstanceOf(IllegalArgumentException.class);
    Path file = Files.writeString(dir.resolve("x"), "content");
    run.keep("model/x.txt", file);
    Files.delete(file);
    assertThat(run.kept().get("model/x.txt")).asString().isEqualTo("content");
    for (String path : List.of("", "/x", "x/", "a//b", "../x", "a/.b", "a b", "checkpoints/last.npz", "a\\b")) {
      assertThatThrownBy(() -> run.keep(path, file)).as(path).isInstanceOf(IllegalArgumentException.class);
    }
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
