package io.trainyard.store.read;

import io.trainyard.core.model.Experiment;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.SeriesSummary;
import io.trainyard.core.store.RunPage;
import io.trainyard.core.store.RunQuery;
import io.trainyard.core.store.RunRow;
import io.trainyard.core.store.StoreException;
import io.trainyard.store.state.RunEntry;
import io.trainyard.store.state.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lists runs: filtered, sorted, a page of them. Runs on a reader thread, over what is in memory: 10,000 runs take some
 * milliseconds, and no index has to be kept for every metric and param that somebody may sort by.
 */
final class RunSearch {
  private record Keyed(RunEntry entry, RunRecord run, @Nullable SortKey key) {}

  private final State state;
  private final SeriesReads series;
  private final LongSupplier clock;

  RunSearch(State state, SeriesReads series, LongSupplier clock) {
    this.state = state;
    this.series = series;
    this.clock = clock;
  }

  RunPage page(RunQuery query) {
    List<Keyed> matching = new ArrayList<>();
    // One look at the clock for all: runs that started within a millisecond must not change places from one question to
    // the next.
    long now = clock.getAsLong();
    String search = query.search() == null || query.search().isBlank()
        ? null : query.search().toLowerCase(Locale.ROOT).strip();
    for (RunEntry entry : state.runs()) {
      RunRecord run = entry.run();
      if (matches(run, query) && (search == null || entry.searchText().contains(search))) {
        matching.add(new Keyed(entry, run, key(entry, run, query.sort(), now)));
      }
    }
    matching.sort(order(query.descending()));
    int from = Math.min(Math.max(query.offset(), 0), matching.size());
    int to = (int) Math.min((long) from + Math.max(query.limit(), 0), matching.size());
    List<RunRow> rows = new ArrayList<>(to - from);
    for (Keyed keyed : matching.subList(from, to)) {
      rows.add(new RunRow(keyed.run(), series.summaries(keyed.entry())));
    }
    return new RunPage(List.copyOf(rows), matching.size());
  }

  private boolean matches(RunRecord run, RunQuery query) {
    if (run.deleted() != query.deleted()) {
      return false;
    }
    if (query.experiment() != null) {
      if (!query.experiment().equals(run.experimentId())) {
        return false;
      }
    } else if (!query.deleted()) {
      Experiment experiment = state.experiment(run.experimentId());
      if (experiment != null && experiment.deleted()) {
        return false;
      }
    }
    return (query.states().isEmpty() || query.states().contains(run.state()))
        && (query.task() == null || run.task() != null && query.task().equals(run.task().id()));
  }

  private @Nullable SortKey key(RunEntry entry, RunRecord run, String sort, long now) {
    if (sort.startsWith("metric:")) {
      SeriesSummary summary = series.summary(entry, sort.substring("metric:".length()));
      return summary == null ? null : SortKey.of(summary.last());
    }
    if (sort.startsWith("param:")) {
      return SortKey.ofParam(run.params().get(sort.substring("param:".length())));
    }
    return switch (sort) {
      case "created_at" -> SortKey.of(run.createdAt());
      case "name" -> SortKey.of(run.name());
      case "state" -> SortKey.of(run.state().ordinal());
      case "duration" -> duration(run, now);
      default ->
          throw new StoreException.NotFound(
              "Runs cannot be sorted by \"" + sort
                  + "\"; say created_at, name, state, duration, metric:NAME or param:NAME.");
    };
  }

  private static @Nullable SortKey duration(RunRecord run, long now) {
    if (run.startedAt() == null) {
      return null;
    }
    long end = run.endedAt() == null ? now : run.endedAt();
    return SortKey.of(end - run.startedAt());
  }

  /** Absent values last and NaN before them, whichever way the rest goes. */
  private static Comparator<Keyed> order(boolean descending) {
    Comparator<SortKey> values = descending ? Comparator.reverseOrder() : Comparator.naturalOrder();
    return Comparator.<Keyed>comparingInt(keyed -> keyed.key() == null ? 2 : keyed.key().isNaN() ? 1 : 0)
        .thenComparing(
            (a, b) -> a.key() == null || b.key() == null || a.key().isNaN() ? 0 : values.compare(a.key(), b.key()))
        .thenComparing(keyed -> keyed.run().createdAt(), Comparator.reverseOrder())
        .thenComparing(keyed -> keyed.run().id());
  }
}
