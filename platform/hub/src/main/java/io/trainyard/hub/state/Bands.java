package io.trainyard.hub.state;

import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.SeriesData;
import io.trainyard.core.model.TaskInfo;
import io.trainyard.core.model.TaskInfo.BandInfo;
import io.trainyard.core.store.PointsQuery;
import io.trainyard.core.store.RunStore;
import io.trainyard.core.store.StoreException;
import io.trainyard.hub.json.RunJson.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Says of a run whether it is inside the bands that its task brings. Any thread may call; a task without bands, or none
 * for the run's params, costs nothing, and others one small question to the store for each metric.
 */
public final class Bands {
  /** Points that one question brings, which is more than anybody's epochs. */
  private static final int PAGE = 2_000;

  private final RunStore store;

  public Bands(RunStore store) {
    this.store = store;
  }

  /** A point, or that there is none. */
  private record Found(@Nullable Long step, @Nullable Double value) {
    static final Found NONE = new Found(null, null);
  }

  public CompletionStage<List<Verdict>> of(RunRecord run, TaskInfo task) {
    Map<String, CompletionStage<SeriesData>> series = new LinkedHashMap<>();
    CompletionStage<List<Verdict>> verdicts = CompletableFuture.completedFuture(List.of());
    for (BandInfo band : task.bands()) {
      if (!holds(band, run)) {
        continue;
      }
      CompletionStage<Verdict> verdict =
          series
              .computeIfAbsent(band.metric(), name -> points(run.id(), name, Long.MIN_VALUE, Long.MAX_VALUE, PAGE))
              .thenCompose(data -> point(run.id(), data, band.point()))
              .thenApply(found -> new Verdict(band, found.step(), found.value()));
      verdicts =
          verdicts.thenCombine(
              verdict,
              (before, one) -> {
                List<Verdict> more = new ArrayList<>(before);
                more.add(one);
                return List.copyOf(more);
              });
    }
    return verdicts;
  }

  private CompletionStage<SeriesData> points(String run, String series, long from, long to, int max) {
    return store
        .points(new PointsQuery(run, series, null, from, to, max))
        .exceptionally(
            error -> {
              Throwable cause = error instanceof CompletionException ? error.getCause() : error;
              if (cause instanceof StoreException.NotFound) {
                // Nothing of it is logged yet.
                return new SeriesData.Raw(series, new long[0], new long[0], new double[0]);
              }
              throw new CompletionException(cause);
            });
  }

  /** The n-th point, by narrowing down where the store answers with buckets. */
  private CompletionStage<Found> point(String run, SeriesData data, long n) {
    if (n > data.count()) {
      return CompletableFuture.completedFuture(Found.NONE);
    }
    if (data instanceof SeriesData.Raw raw) {
      return CompletableFuture.completedFuture(new Found(raw.steps()[(int) n - 1], raw.values()[(int) n - 1]));
    }
    SeriesData.Buckets buckets = (SeriesData.Buckets) data;
    long before = 0;
    int bucket = 0;
    while (before + buckets.counts()[bucket] < n) {
      before += buckets.counts()[bucket++];
    }
    long from = buckets.firstStep()[bucket];
    long to = buckets.lastStep()[bucket];
    long left = n - before;
    // One step cannot be cut.
    int max = from == to ? Integer.MAX_VALUE : PAGE;
    return points(run, data.name(), from, to, max).thenCompose(part -> point(run, part, left));
  }

  private static boolean holds(BandInfo band, RunRecord run) {
    return band.when().entrySet().stream()
        .allMatch(needed -> same(needed.getValue(), run.params().get(needed.getKey())));
  }

  /** As JSON has it: 1 is 1.0. */
  private static boolean same(Object needed, @Nullable Object given) {
    if (needed instanceof Number one && given instanceof Number other) {
      return one.doubleValue() == other.doubleValue();
    }
    if (needed instanceof List<?> one && given instanceof List<?> other) {
      boolean all = one.size() == other.size();
      for (int i = 0; all && i < one.size(); i++) {
        all = same(one.get(i), other.get(i));
      }
      return all;
    }
    return Objects.equals(needed, given);
  }
}
