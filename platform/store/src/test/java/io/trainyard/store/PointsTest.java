package io.trainyard.store;

import static io.trainyard.store.Fixture.RUN;
import static io.trainyard.store.Fixture.append;
import static io.trainyard.store.Fixture.apply;
import static io.trainyard.store.Fixture.batch;
import static io.trainyard.store.Fixture.column;
import static io.trainyard.store.Fixture.join;
import static io.trainyard.store.Fixture.points;
import static io.trainyard.store.Fixture.run;
import static io.trainyard.store.Fixture.running;
import static io.trainyard.store.Fixture.summary;
import static io.trainyard.store.Fixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.core.model.Attempt;
import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.RunState;
import io.trainyard.core.model.SeriesData;
import io.trainyard.core.model.SeriesSummary;
import io.trainyard.core.store.Applied;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.PointsQuery;
import io.trainyard.core.store.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PointsTest {
  private static final double NAN_WITH_PAYLOAD = Double.longBitsToDouble(0x7ff8_0000_dead_beefL);
  private static final double SIGNALLING_NAN = Double.longBitsToDouble(0x7ff0_0000_0000_0001L);

  @TempDir Path home;

  private final StoreOptions options = StoreOptions.defaults().withReserveBytes(0);

  @Test
  void everyDoubleComesBackBitForBitInAnyOrderOfStepsBeforeAndAfterAReopenAndAfterSealing() {
    long[] steps = {5, -3, 5, 5, Long.MAX_VALUE, Long.MIN_VALUE, 0, 0, 7, 7, 1};
    long[] times = {10, 10, 9, 10, -1, Long.MAX_VALUE, 3, 3, 1, 0, Long.MIN_VALUE};
    double[] values = {
      NAN_WITH_PAYLOAD, SIGNALLING_NAN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0.0,
      Double.MIN_VALUE, -Double.MIN_VALUE, Double.MAX_VALUE, 0.1, (float) 0.1
    };
    long[] sortedSteps = {Long.MIN_VALUE, -3, 0, 0, 1, 5, 5, 5, 7, 7, Long.MAX_VALUE};
    double[] sortedValues = {
      0.0, SIGNALLING_NAN, Double.MIN_VALUE, -Double.MIN_VALUE, (float) 0.1, Double.POSITIVE_INFINITY, NAN_WITH_PAYLOAD,
      Double.NEGATIVE_INFINITY, 0.1, Double.MAX_VALUE, -0.0
    };
    SeriesSummary summary;
    try (TrainyardStore store = TrainyardStore.open(home, options)) {
      long fence = running(store, RUN);
      apply(store, new Change.AppendPoints(batch(RUN, fence, 0, 11, new MetricBatch.Column("x", steps, times,
          values))));
      assertBits(points(store, RUN, "x"), sortedSteps, sortedValues);
      summary = summary(store, RUN, "x");
      assertThat(summary)
          .isEqualTo(
              new SeriesSummary(
                  "x", 11, 2, 1, 1, Long.MIN_VALUE, Long.MAX_VALUE, -0.0, -1, -Double.MIN_VALUE, Double.MAX_VALUE));
    }
    // One point more than the threshold: all of them are sealed when the next one comes.
    StoreOptions sealing = options.withSealing(12, 0);
    try (TrainyardStore store = TrainyardStore.open(home, sealing)) {
      assertBits(points(store, RUN, "x"), sortedSteps, sortedValues);
      assertThat(summary(store, RUN, "x")).isEqualTo(summary);
      long fence = join(store.run(RUN)).orElseThrow().attempts().get(0).fence();
      apply(
          store,
          new Change.AppendPoints(
              batch(RUN, fence, 11, 12, new MetricBatch.Column("x", new long[] {8}, new long[] {8},
                  new double[] {8}))));
    }
    try (TrainyardStore store = TrainyardStore.open(home, sealing)) {
      SeriesData.Raw read = points(store, RUN, "x", 1);
      assertThat(read.count()).isEqualTo(12);
      assertThat(read.steps()[10]).isEqualTo(8);
      assertThat(Double.doubleToRawLongBits(read.values()[1])).isEqualTo(Double.doubleToRawLongBits(SIGNALLING_NAN));
    }
  }

  private static void assertBits(SeriesData.Raw read, long[] steps, double[] values) {
    assertThat(read.steps()).containsExactly(steps);
    assertThat(Arrays.stream(read.values()).mapToLong(Double::doubleToRawLongBits).toArray())
        .containsExactly(Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray());
  }

  @Test
  void aBatchThatComesTwiceIsStoredOnceAndOneThatLeavesAGapIsRefusedWithThePlaceToGoOn() {
    try (TrainyardStore store = TrainyardStore.open(home, options)) {
      long fence = running(store, RUN);
      Change first = new Change.AppendPoints(batch(RUN, fence, 0, 64, column("x", 0, 3)));
      assertThat(apply(store, first).duplicate()).isFalse();
      Applied again = apply(store, first);
      assertThat(again.duplicate()).isTrue();
      assertThat(again.run()).isNotNull();
      assertThat(points(store, RUN, "x").count()).isEqualTo(3);
      assertThat(join(store.nextSeq(RUN, 1))).isEqualTo(64);
      assertThatThrownBy(() -> apply(store, new Change.AppendPoints(batch(RUN, fence, 65, 70, column("x", 3, 1)))))
          .isInstanceOfSatisfying(StoreException.Gap.class, gap -> assertThat(gap.expectedSeq()).isEqualTo(64))
          .hasMessageContaining("stored up to 64");
      assertThatThrownBy(() -> apply(store, new Change.AppendPoints(batch(RUN, fence, 32, 70, column("x", 3, 1)))))
          .isInstanceOf(StoreException.Gap.class);
    }
    try (TrainyardStore store = TrainyardStore.open(home, options)) {
      assertThat(join(store.nextSeq(RUN, 1))).isEqualTo(64);
      assertThat(join(store.nextSeq(RUN, 2))).isZero();
    }
  }

  @Test
  void aClientsBatchWithoutSequenceIsAlwaysStored() {
    try (TrainyardStore store = TrainyardStore.open(home, options)) {
      long fence = running(store, RUN);
      Change points = new Change.AppendPoints(batch(RUN, fence, -1, -1, column("x", 0, 3)));
      apply(store, points);
      assertThat(apply(store, points).duplicate()).isFalse();
      assertThat(points(store, RUN, "x").count()).isEqualTo(6);
      assertThat(join(store.nextSeq(RUN, 1))).isZero();
    }
  }

  @Test
  void aSeriesMayComeTwiceInABatch() {
    try (TrainyardStore store = TrainyardStore.open(home, options.withSealing(4, 0))) {
      long fence = running(store, RUN);
      apply(
          store,
          new Change.AppendPoints(batch(RUN, fence, 0, 6, column("x", 0, 3), column("y", 0, 1), column("x", 3, 3))));
      assertThat(points(store, RUN, "x").steps()).containsExactly(0, 1, 2, 3, 4, 5);
    }
    try (TrainyardStore store = TrainyardStore.open(home, options)) {
      assertThat(points(store, RUN, "x").steps()).containsExactly(0, 1, 2, 3, 4, 5);
    }
  }

  @Test
  void pointsOfAnEndedRunAreTakenWhileItDrainsAndRefusedAfterwardsButForOnesThatAreStored() {
    try (TrainyardStore store = TrainyardStore.open(home, options)) {
      long fence = running(store, RUN);
      apply(store, new Change.EndAttempt(RUN, 1, fence, RunState.FAILED, "killed", 5, true, 0));
      Change last = new Change.AppendPoints(batch(RUN, fence, 0, 3, column("x", 0, 3)));
      apply(store, last);
      apply(store, new Change.FinishDraining(RUN, 1, fence, 0));
      assertThat(apply(store, last).duplicate()).isTrue();
      assertThatThrownBy(() -> apply(store, new Change.AppendPoints(batch(RUN, fence, 3, 4, column("x", 3, 1)))))
          .isInstanceOf(StoreException.Conflict.class)
          .hasMessageContaining("takes no more points");
    }
  }

  @Test
  void theVersionGrowsWithEveryBatchAndSurvivesAReopen() {
    long version;
    try (TrainyardStore store = TrainyardStore.open(home, options)) {
      long fence = running(store, RUN);
      Applied applied = apply(store, new Change.AppendPoints(batch(RUN, fence, 0, 3, column("x", 0, 3))));
      assertThat(applied.previousVersion()).isEqualTo(1);
      version = java.util.Objects.requireNonNull(applied.run()).version();
      assertThat(version).isEqualTo(2);
      assertThat(join(store.run(RUN)).orElseThrow().version()).isEqualTo(version);
    }
    try (TrainyardStore store = TrainyardStore.open(home, options)) {
      assertThat(join(store.run(RUN)).orElseThrow().version()).isEqualTo(version);
    }
  }

  @Test
  void longSeriesAreSealedRetiredAndReadBackWholeAndInBuckets() {
    StoreOptions small = options.withSegmentBytes(20_000).withSealing(1_024, 0).withCheckpointBytes(50_000);
    try (TrainyardStore store = TrainyardStore.open(home, small)) {
      long fence = running(store, RUN);
      append(store, RUN, fence, "x", 200, 250);
      verifyLong(store);
    }
    assertThat(home.resolve("snapshots")).isNotEmptyDirectory();
    try (TrainyardStore store = TrainyardStore.open(home, small)) {
      verifyLong(store);
      assertThat(store.status().points()).isEqualTo(50_000);
      assertThat(store.status().damage()).isEmpty();
      assertThat(join(store.scrub()).problems()).isEmpty();
    }
  }

  @Test
  void aResumedRunHasOneCurveJoinedAtItsCheckpointInPointsBucketsAndSummary() {
    StoreOptions small = options.withSegmentBytes(20_000).withSealing(512, 0).withCheckpointBytes(50_000);
    try (TrainyardStore store = TrainyardStore.open(home, small)) {
      apply(store, new Change.CreateRun(run(RUN, RunState.QUEUED)));
      Attempt first = attempt(store, null);
      log(store, first, 0, 5_000, 1);
      apply(store, new Change.EndAttempt(RUN, 1, first.fence(), RunState.FAILED, "power", 5, false, 0));
      assertThat(summary(store, RUN, "x").lastStep()).isEqualTo(4_999);
      apply(store, new Change.Resume(RUN, "checkpoints/last.npz", 6));
      assertThat(summary(store, RUN, "x").lastStep()).as("until it goes on").isEqualTo(4_999);
      Attempt second = attempt(store, 3_000L);
      assertThat(summary(store, RUN, "x").lastStep()).as("before its first point").isEqualTo(2_999);
      log(store, second, 3_000, 4_000, 2);
      verifyJoined(store);
    }
    try (TrainyardStore store = TrainyardStore.open(home, small)) {
      verifyJoined(store);
      assertThat(points(store, RUN, "x", 1).count()).as("what is superseded can still be read").isEqualTo(5_000);
      assertThat(join(store.scrub()).problems()).isEmpty();
    }
  }

  private static Attempt attempt(TrainyardStore store, @Nullable Long fromStep) {
    Applied started = apply(store, new Change.StartAttempt(RUN, "local", 1, fromStep));
    return java.util.Objects.requireNonNull(java.util.Objects.requireNonNull(started.run()).attempt());
  }

  /** Values say the attempt, and two series: "late" is there only from step 4,000 on. */
  private static void log(TrainyardStore store, Attempt attempt, int from, int to, int value) {
    for (int step = from; step < to; step += 250) {
      long[] steps = java.util.stream.LongStream.range(step, step + 250).toArray();
      double[] values = new double[250];
      Arrays.fill(values, value);
      MetricBatch.Column x = new MetricBatch.Column("x", steps, steps, values);
      MetricBatch.Column late = new MetricBatch.Column("late", steps, steps, values);
      List<MetricBatch.Column> columns = step < 4_000 ? List.of(x) : List.of(x, late);
      long seq = step - from;
      apply(
          store,
          new Change.AppendPoints(
              new MetricBatch(RUN, attempt.number(), attempt.fence(), seq, seq + 250, columns)));
    }
  }

  private static void verifyJoined(TrainyardStore store) {
    SeriesData.Raw all = points(store, RUN, "x");
    assertThat(all.count()).isEqualTo(4_000);
    for (int i = 0; i < 4_000; i++) {
      assertThat(all.steps()[i]).isEqualTo(i);
      assertThat(all.values()[i]).isEqualTo(i < 3_000 ? 1 : 2);
    }
    assertThat(join(store.series(RUN)))
        .containsExactly(new SeriesSummary("x", 4_000, 0, 0, 0, 0, 3_999, 2, 3_999, 1, 2));
    SeriesData.Buckets buckets =
        (SeriesData.Buckets) join(store.points(new PointsQuery(RUN, "x", null, 0, 10_000, 100)));
    assertThat(buckets.count()).isEqualTo(4_000);
    for (int i = 0; i < buckets.counts().length; i++) {
      if (buckets.lastStep()[i] < 3_000) {
        assertThat(buckets.max()[i]).isEqualTo(1);
      } else if (buckets.firstStep()[i] >= 3_000) {
        assertThat(buckets.min()[i]).isEqualTo(2);
      }
    }
  }

  @Test
  void aBatchWithoutPointsMovesTheAcknowledgementOn() {
    try (TrainyardStore store = TrainyardStore.open(home, options)) {
      long fence = running(store, RUN);
      apply(store, new Change.AppendPoints(batch(RUN, fence, 0, 1_000)));
      apply(store, new Change.AppendPoints(batch(RUN, fence, 1_000, 1_003, column("x", 0, 3))));
      assertThat(apply(store, new Change.AppendPoints(batch(RUN, fence, 0, 1_000))).duplicate()).isTrue();
    }
    try (TrainyardStore store = TrainyardStore.open(home, options)) {
      assertThat(join(store.nextSeq(RUN, 1))).isEqualTo(1_003);
      assertThat(points(store, RUN, "x").count()).isEqualTo(3);
    }
  }

  private static void verifyLong(TrainyardStore store) {
    SeriesData.Raw all = points(store, RUN, "x");
    assertThat(all.count()).isEqualTo(50_000);
    for (int i = 0; i < 50_000; i++) {
      assertThat(all.steps()[i]).isEqualTo(i);
      assertThat(all.values()[i]).isEqualTo(value(i));
    }
    SeriesSummary summary = summary(store, RUN, "x");
    assertThat(summary.count()).isEqualTo(50_000);
    assertThat(summary.max()).isEqualTo(Arrays.stream(all.values()).max().orElseThrow());
    SeriesData.Buckets buckets = (SeriesData.Buckets) join(store.points(new PointsQuery(RUN, "x", null, 11, 44_444,
        100)));
    assertThat(buckets.count()).isEqualTo(44_434);
    assertThat(Arrays.stream(buckets.counts()).sum()).isEqualTo(44_434);
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aWriterThatWaitsForTheSealerNeverKeepsTheSealerWaiting() {
    StoreOptions tight =
        options.withSegmentBytes(10_000).withSealing(100, 0).withHeadPoints(150).withCheckpointBytes(5_000);
    try (TrainyardStore store = TrainyardStore.open(home, tight)) {
      long fence = running(store, RUN);
      List<CompletionStage<Applied>> sent = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        sent.add(store.apply(new Change.AppendPoints(batch(RUN, fence, i * 60L, i * 60L + 60, column("x", i * 60L,
            60)))));
      }
      sent.forEach(Fixture::join);
      assertThat(points(store, RUN, "x").count()).isEqualTo(30_000);
    }
  }

  @Test
  void aSeriesThatIsNotThereIsNotFound() {
    try (TrainyardStore store = TrainyardStore.open(home, options)) {
      running(store, RUN);
      assertThatThrownBy(() -> points(store, RUN, "nothing")).isInstanceOf(StoreException.NotFound.class);
      assertThatThrownBy(() -> points(store, Fixture.id(9), "x")).isInstanceOf(StoreException.NotFound.class);
      assertThat(join(store.series(RUN))).isEqualTo(List.of());
    }
  }
}
