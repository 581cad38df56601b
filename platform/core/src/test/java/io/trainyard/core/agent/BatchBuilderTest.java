package io.trainyard.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.RunState;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchBuilderTest {
  private final BatchBuilder batch = new BatchBuilder();

  @Test
  void pointsAndBlocksOfASeriesAreOneColumnInTheOrderInWhichTheyCame() {
    batch.point("a", 1, 10, 0.5);
    batch.block("b", 5, 11, new float[] {1, 2, 3}, 3);
    batch.point("a", 2, 12, 0.25);
    List<MetricBatch.Column> columns = batch.take();
    assertThat(columns).extracting(MetricBatch.Column::series).containsExactly("a", "b");
    assertThat(columns.get(0).steps()).containsExactly(1, 2);
    assertThat(columns.get(0).values()).containsExactly(0.5, 0.25);
    assertThat(columns.get(1).steps()).containsExactly(5, 6, 7);
    assertThat(columns.get(1).times()).containsExactly(11, 11, 11);
    assertThat(batch.take()).isEmpty();
  }

  @Test
  void aBlockLargerThanAnyBeforeHasRoom() {
    batch.block("a", 0, 1, new float[4_096], 4_096);
    assertThat(batch.take().get(0).steps()).hasSize(4_096);
  }

  @Test
  void anEndThatIsNoEndIsAFailureAndSaysSo() {
    batch.end("", "", 7);
    assertThat(batch.ending()).isNotNull();
    assertThat(batch.ending().state()).isEqualTo(RunState.FAILED);
    assertThat(batch.ending().reason()).contains("which is no end");
    batch.end("RUNNING", "", 8);
    assertThat(batch.ending().state()).isEqualTo(RunState.FAILED);
    batch.end("DIVERGED", "The loss is NaN.", 9);
    assertThat(batch.ending()).isEqualTo(new Ending(RunState.DIVERGED, "The loss is NaN.", 9));
  }
}
