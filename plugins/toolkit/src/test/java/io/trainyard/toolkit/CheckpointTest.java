package io.trainyard.toolkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.testkit.RecordingRun;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CheckpointTest {
  private static final Map<String, ?> PARAMS =
      Map.of("examples", 47, "batch_size", 4, "epochs", 4, "optimizer", "adam", "dropout", 0.3, "weight_decay", 0.1);

  /** 12 steps an epoch, the last of them a shorter one: before it, after it, at the ends of epochs, in the middle. */
  @ParameterizedTest
  @ValueSource(longs = {1, 11, 12, 13, 23, 24, 30, 47})
  void resumedEqualsUninterruptedWhereverItStops(long stop) throws Exception {
    RecordingRun whole = line().param("steps_per_second", 0).train();
    RecordingRun stopped = line().stopAfter(stop).train();
    assertThat(stopped.checkpointStep()).isEqualTo(stop);
    RecordingRun rest = line().param("steps_per_second", 0).resume(stopped).train();
    assertThat(rest.steps()).isEqualTo(whole.steps());
    assertThat(rest.provenance().get("w")).isEqualTo(whole.provenance().get("w"));
    // Means over an epoch's steps too, those before the stop included.
    assertThat(rest.repeatable()).containsExactlyInAnyOrderElementsOf(after(whole, stop));
  }

  @Test
  void aPacedTrainingThatIsResumedOwesNoStepsOfBefore() throws Exception {
    RecordingRun stopped = line().stopAfter(44).train();
    RecordingRun rest = line().param("steps_per_second", 2).resume(stopped);
    long start = System.nanoTime();
    rest.train();
    // 4 steps are 2 s; all 48 would be 24.
    assertThat(System.nanoTime() - start).isBetween(1_500_000_000L, 20_000_000_000L);
  }

  @Test
  void aCheckpointOfAnotherTrainingIsRefusedAndSaysWhy() throws Exception {
    RecordingRun adam = line().stopAfter(5).train();
    assertThatThrownBy(() -> line().param("optimizer", "momentum").resume(adam).train())
        .hasMessageContaining("is a checkpoint of another training: w/momentum is not in it; ")
        .hasMessageContaining("w/adam_m is in it, but not known here; w/adam_v is in it")
        .hasMessageContaining("Resume with the params that it was saved with, or start anew.");
  }

  private static List<RecordingRun.Point> after(RecordingRun run, long step) {
    return run.repeatable().stream().filter(it -> it.step() > step).toList();
  }

  /** Slow enough that each step is a block of its own, so that it can be stopped anywhere. */
  private static RecordingRun line() {
    return new RecordingRun(new Line()).params(PARAMS).param("steps_per_second", 39);
  }
}
