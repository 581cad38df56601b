package io.trainyard.store;

import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.model.SeriesData;
import io.trainyard.core.model.SeriesSummary;
import io.trainyard.core.model.TaskRef;
import io.trainyard.core.store.Applied;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.IdempotencyKey;
import io.trainyard.core.store.PointsQuery;
import io.trainyard.core.store.RunQuery;
import io.trainyard.core.store.RunStore;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Shorthands of the store's tests. */
final class Fixture {
  static final String RUN = "0123456789abcdef0123456789abcdef";
  static final TaskRef LINREG = new TaskRef("linreg", "linreg.jar", "1.0", "ab".repeat(32));

  private Fixture() {}

  static String id(int number) {
    return String.format("%032x", number);
  }

  static RunRecord run(String id, RunState state) {
    return run(id, state, "run " + id, Map.of());
  }

  static RunRecord run(String id, RunState state, String name, Map<String, Object> params) {
    return new RunRecord(
        id, "0", name, state, null, LINREG, params, 7, Map.of(), "", 1_000, null, null, false, false, null, 0, null,
            false, null, Map.of(), null, null,
        List.of(), Map.of(), 0);
  }

  static Applied apply(RunStore store, Change change) {
    return join(store.apply(change));
  }

  static Applied apply(RunStore store, Change change, String key, String fingerprint) {
    return join(store.apply(change, new IdempotencyKey(key, fingerprint)));
  }

  /** The stage's answer, or its failure as it is. */
  static <T> T join(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failure;
    }
  }

  /** A run of a client, RUNNING with its first attempt; answers the fence. */
  static long running(RunStore store, String id) {
    RunRecord made = java.util.Objects.requireNonNull(apply(store, new Change.CreateRun(run(id,
        RunState.RUNNING))).run());
    return made.attempts().get(0).fence();
  }

  static MetricBatch batch(String run, long fence, long seq, long nextSeq, MetricBatch.Column... columns) {
    return new MetricBatch(run, 1, fence, seq, nextSeq, List.of(columns));
  }

  /** Points with steps from {@code from} on; each value says its step. */
  static MetricBatch.Column column(String series, long from, int count) {
    long[] steps = new long[count];
    long[] times = new long[count];
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      steps[i] = from + i;
      times[i] = 1_700_000_000_000L + (from + i) / 3;
      values[i] = value(from + i);
    }
    return new MetricBatch.Column(series, steps, times, values);
  }

  static double value(long step) {
    return (float) (1.0 / (1 + Math.abs(step)) + (step % 7) * 0.125);
  }

  /** Appends {@code batches} sequenced batches of {@code size} points each. */
  static void append(RunStore store, String run, long fence, String series, int batches, int size) {
    long next = join(store.nextSeq(run, 1));
    for (int i = 0; i < batches; i++) {
      apply(store, new Change.AppendPoints(batch(run, fence, next, next + size, column(series, next, size))));
      next += size;
    }
  }

  static SeriesData.Raw points(RunStore store, String run, String series) {
    return points(store, run, series, null);
  }

  static SeriesData.Raw points(RunStore store, String run, String series, @Nullable Integer attempt) {
    return (SeriesData.Raw)
        join(store.points(new PointsQuery(run, series, attempt, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE)));
  }

  static SeriesSummary summary(RunStore store, String run, String series) {
    return join(store.series(run)).stream().filter(each -> each.name().equals(series)).findFirst().orElseThrow();
  }

  static RunQuery all(String sort, boolean descending) {
    return new RunQuery(null, Set.of(), null, null, sort, descending, 0, 1_000_000, false);
  }
}
