package io.trainyard.store.read;

import io.trainyard.core.model.Experiment;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.SeriesData;
import io.trainyard.core.model.SeriesSummary;
import io.trainyard.core.store.PointsQuery;
import io.trainyard.core.store.RunPage;
import io.trainyard.core.store.RunQuery;
import io.trainyard.core.store.StoreException;
import io.trainyard.store.chunk.ChunkFiles;
import io.trainyard.store.state.RunEntry;
import io.trainyard.store.state.SeriesState;
import io.trainyard.store.state.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The questions that a store answers. Called on reader threads. */
public final class Reads {
  private final State state;
  private final SeriesReads series;
  private final RunSearch search;

  public Reads(State state, ChunkFiles files, SeriesState.ChunkIndex index, LongSupplier clock) {
    this.state = state;
    this.series = new SeriesReads(files, index);
    this.search = new RunSearch(state, series, clock);
  }

  public List<Experiment> experiments(boolean deleted) {
    return state.experiments().stream()
        .filter(experiment -> experiment.deleted() == deleted)
        .sorted(Comparator.comparingLong(experiment -> Long.parseLong(experiment.id())))
        .toList();
  }

  public Optional<Experiment> experiment(String id) {
    return Optional.ofNullable(state.experiment(id));
  }

  public Optional<Experiment> experimentByName(String name) {
    String id = state.experimentId(name);
    return id == null ? Optional.empty() : experiment(id);
  }

  public long runCount(String experiment) {
    long count = 0;
    for (RunEntry entry : state.runs()) {
      RunRecord run = entry.run();
      if (!run.deleted() && run.experimentId().equals(experiment)) {
        count++;
      }
    }
    return count;
  }

  public Optional<RunRecord> run(String id) {
    return Optional.ofNullable(state.run(id)).map(RunEntry::run);
  }

  public List<String> runIds(String prefix, int limit) {
    List<String> ids = new ArrayList<>();
    for (String id : state.runIdsFrom(prefix)) {
      if (ids.size() >= limit || !id.startsWith(prefix)) {
        break;
      }
      ids.add(id);
    }
    return List.copyOf(ids);
  }

  public RunPage runs(RunQuery query) {
    return search.page(query);
  }

  public List<RunRecord> consumers(String run) {
    return state.consumers(run).stream()
        .map(id -> Objects.requireNonNull(state.run(id)).run())
        .filter(consumer -> !consumer.deleted())
        .sorted(Comparator.comparingLong(RunRecord::createdAt).reversed().thenComparing(RunRecord::id))
        .toList();
  }

  public List<SeriesSummary> series(String run) {
    return series.summaries(entry(run));
  }

  public SeriesData points(PointsQuery query) {
    return series.points(entry(query.run()), query);
  }

  public long nextSeq(String run, int attempt) {
    return entry(run).image().nextSeq(attempt);
  }

  private RunEntry entry(String run) {
    RunEntry entry = state.run(run);
    if (entry == null) {
      throw new StoreException.NotFound("There is no run " + run + ".");
    }
    return entry;
  }
}
