package io.trainyard.hub.meters;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.trainyard.core.bus.Addresses.PointsStored;
import io.trainyard.core.bus.Addresses.RunChanged;
import io.trainyard.core.model.Attempt;
import io.trainyard.core.model.Experiment;
import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.MetricBatch.Column;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.model.TaskRef;
import io.trainyard.core.store.RunStore;
import io.trainyard.hub.state.ExperimentNames;
import io.trainyard.store.StoreOptions;
import io.trainyard.store.TrainyardStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus sees of runs, and for how long. */
class RunMetersTest {
  private static final long GRACE = 300_000;

  @TempDir Path folder;
  private final AtomicLong now = new AtomicLong(1_000_000);
  private RunStore store;
  private RunMeters meters;

  @BeforeEach
  void start() {
    store = TrainyardStore.open(folder, StoreOptions.defaults());
    ExperimentNames names = new ExperimentNames(store);
    names.is(new Experiment("1", "Demo", 1, false, Map.of()));
    meters = new RunMeters(names, new RunMeters.Limits(3, 2, GRACE), () -> Instant.ofEpochMilli(now.get()));
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private static RunRecord run(String id, RunState state, int attempt) {
    return new RunRecord(
        id, "1", "name of " + id, state, null, new TaskRef("linreg", "f", "1", "sha"), Map.of(), 1, Map.of(), "", 1, 1L, null, false, false, null,
        0, null, false, null, Map.of(), null, null, List.of(new Attempt(attempt, attempt, "local", 1, null, null, null, null)),
        Map.of(), 1);
  }

  private void log(RunRecord run, String series, long step, double value) {
    Column column = new Column(series, new long[] {step - 1, step}, new long[2], new double[] {-1, value});
    meters.stored(new PointsStored(new MetricBatch(run.id(), run.attemptNumber(), 1, 0, 1, List.of(column)), run, 0, 1));
  }

  private void is(RunRecord run) {
    meters.changed(new RunChanged(run, 0, 1));
  }

  private List<? extends DataPointSnapshot> series(String name) {
    for (MetricSnapshot snapshot : meters.collect()) {
      if (snapshot.getMetadata().getName().equals(name)) {
        return snapshot.getDataPoints();
      }
    }
    throw new AssertionError("no metric " + name);
  }

  private double value(String name) {
    assertThat(series(name)).hasSize(1);
    return ((GaugeDataPointSnapshot) series(name).get(0)).getValue();
  }

  @Test
  void showsTheLatestValueBySplit() {
    RunRecord run = run("a", RunState.RUNNING, 1);
    log(run, "train/loss", 10, 0.5);
    log(run, "train/loss", 5, 9);
    log(run, "grad/norm", 11, 2);
    log(run, "heldout/perplexity", 10, 7);
    log(run, "test/accuracy", 10, Double.NaN);
    log(run, "something/else", 12, 3);
    assertThat(value("trainyard_run_loss")).isEqualTo(0.5);
    assertThat(series("trainyard_run_loss").get(0).getLabels().toString())
        .contains("experiment=\"Demo\"").contains("task=\"linreg\"").contains("run=\"a\"").contains("split=\"train\"");
    assertThat(value("trainyard_run_gradient_norm")).isEqualTo(2);
    assertThat(value("trainyard_run_perplexity")).isEqualTo(7);
    assertThat(value("trainyard_run_accuracy")).isNaN();
    assertThat(value("trainyard_run_step")).isEqualTo(12);
    assertThat(series("trainyard_run").get(0).getLabels().toString()).contains("name=\"name of a\"").contains("state=\"RUNNING\"");
  }

  @Test
  void theLossOverAllDataHasASplitOfItsOwn() {
    RunRecord run = run("a", RunState.RUNNING, 1);
    log(run, "epoch/train_loss", 10, 0.25);
    assertThat(series("trainyard_run_loss").get(0).getLabels().get("split")).isEqualTo("epoch");
  }

  @Test
  void aNewAttemptStartsAfresh() {
    log(run("a", RunState.RUNNING, 1), "train/loss", 100, 1);
    log(run("a", RunState.RUNNING, 2), "train/loss", 50, 2);
    assertThat(value("trainyard_run_loss")).isEqualTo(2);
    assertThat(value("trainyard_run_step")).isEqualTo(50);
  }

  @Test
  void staysForAGracePeriodAfterTheEndAndThenIsGone() {
    log(run("a", RunState.RUNNING, 1), "train/loss", 1, 1);
    is(run("a", RunState.FINISHED, 1));
    now.addAndGet(GRACE - 1);
    assertThat(series("trainyard_run_loss")).hasSize(1);
    assertThat(series("trainyard_run").get(0).getLabels().get("state")).isEqualTo("FINISHED");
    is(run("a", RunState.FINISHED, 1));
    now.addAndGet(1_000);
    assertThat(series("trainyard_run_loss")).as("a change after the end does not prolong it").isEmpty();
    is(run("a", RunState.FINISHED, 1));
    assertThat(meters.size()).as("nor does one bring it back").isZero();
  }

  @Test
  void tenThousandFinishedRunsLeaveNothing() {
    for (int i = 0; i < 10_000; i++) {
      RunRecord run = run("run" + i, RunState.RUNNING, 1);
      is(run);
      log(run, "train/loss", 1, 1);
      is(run("run" + i, RunState.FINISHED, 1));
      now.addAndGet(10);
    }
    now.addAndGet(GRACE + 1_000);
    assertThat(series("trainyard_run_loss")).isEmpty();
    assertThat(meters.size()).isZero();
  }

  @Test
  void leavesOutWhatIsTooMuchAndSaysSo() {
    for (int i = 0; i < 5; i++) {
      log(run("r" + i, RunState.RUNNING, 1), "train/loss", 1, i);
    }
    assertThat(series("trainyard_run_loss")).hasSize(3);
    assertThat(value("trainyard_run_series_omitted")).isEqualTo(2);
    is(run("r0", RunState.FINISHED, 1));
    log(run("r4", RunState.RUNNING, 1), "train/loss", 2, 4);
    assertThat(value("trainyard_run_series_omitted")).as("an active run takes the place of an ended one").isEqualTo(1);
    is(run("r3", RunState.STOPPED, 1));
    assertThat(value("trainyard_run_series_omitted")).isZero();
    RunRecord many = run("r4", RunState.RUNNING, 1);
    for (int i = 0; i < 10; i++) {
      log(many, "split" + i + "/loss", 1, i);
    }
    assertThat(series("trainyard_run_loss").stream().filter(point -> "r4".equals(point.getLabels().get("run")))).hasSize(2);
  }
}
