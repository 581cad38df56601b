package io.trainyard.store.state;

import io.trainyard.core.model.Attempt;
import io.trainyard.core.model.Experiment;
import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.RunInput;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that readers see. The opening thread fills it, then only the writer thread changes it, after the change is
 * durable; any thread reads.
 */
public final class State {
  private final NavigableMap<String, RunEntry> runs = new ConcurrentSkipListMap<>();
  private final Map<String, Experiment> experiments = new ConcurrentHashMap<>();
  private final Map<String, String> experimentIds = new ConcurrentHashMap<>();
  private final Map<String, RunEntry> awaited = new HashMap<>();

  /** By run, the runs that read artifacts of it. A run's inputs are pinned at its launch, so nothing is ever taken out. */
  private final Map<String, Set<String>> consumers = new ConcurrentHashMap<>();
  private final Keys keys = new Keys();

  /** The series with a head. */
  private final Set<SeriesState> active = new LinkedHashSet<>();

  private volatile long sequence;
  private volatile long points;
  private long lastFence;
  private long lastExperiment;

  public @Nullable RunEntry run(String id) {
    return runs.get(id);
  }

  public Collection<RunEntry> runs() {
    return runs.values();
  }

  /** In order of their ids, from this one on. */
  public Collection<String> runIdsFrom(String prefix) {
    return runs.tailMap(prefix, true).keySet();
  }

  /** The runs that read artifacts of this one. */
  public Set<String> consumers(String run) {
    return consumers.getOrDefault(run, Set.of());
  }

  public @Nullable Experiment experiment(String id) {
    return experiments.get(id);
  }

  public Collection<Experiment> experiments() {
    return experiments.values();
  }

  public @Nullable String experimentId(String name) {
    return experimentIds.get(name);
  }

  public Keys keys() {
    return keys;
  }

  /** Of the last change that readers see. */
  public long sequence() {
    return sequence;
  }

  public long points() {
    return points;
  }

  public long lastFence() {
    return lastFence;
  }

  public long lastExperiment() {
    return lastExperiment;
  }

  public void sequence(long applied) {
    sequence = applied;
  }

  public RunEntry put(RunImage image) {
    String id = image.run().id();
    RunEntry entry = runs.get(id);
    if (entry == null) {
      RunEntry expected = awaited.remove(id);
      entry = expected == null ? new RunEntry(id) : expected;
      entry.image(image);
      runs.put(id, entry);
      for (RunInput input : RunInput.of(image.run())) {
        consumers.computeIfAbsent(input.artifact().run(), source -> ConcurrentHashMap.newKeySet()).add(id);
      }
    } else {
      entry.image(image);
    }
    for (Attempt attempt : image.run().attempts()) {
      lastFence = Math.max(lastFence, attempt.fence());
    }
    return entry;
  }

  public void put(Experiment experiment) {
    Experiment before = experiments.put(experiment.id(), experiment);
    experimentIds.put(experiment.name(), experiment.id());
    if (before != null && !before.name().equals(experiment.name())) {
      experimentIds.remove(before.name(), before.id());
    }
    lastExperiment = Math.max(lastExperiment, Long.parseLong(experiment.id()));
  }

  /** Adds durable points to the heads. */
  public void append(RunEntry entry, MetricBatch batch, long record, int sealPoints, Consumer<FrozenHead> due) {
    long added = 0;
    for (MetricBatch.Column column : batch.columns()) {
      SeriesState series = entry.series(batch.attempt(), column.series());
      int fresh = series.append(column, record);
      if (fresh > 0) {
        active.add(series);
        added += fresh;
      }
    }
    points += added;
    // Only now: a series may come twice in a batch, and a record must never be half sealed.
    for (MetricBatch.Column column : batch.columns()) {
      SeriesState series = entry.series(batch.attempt(), column.series());
      FrozenHead head = series.freezeFrom(sealPoints);
      if (head != null) {
        active.remove(series);
        due.accept(head);
      }
    }
  }

  /** How many series have points that are not frozen. The writer thread calls, likewise the next two. */
  public int heads() {
    return active.size();
  }

  /** Freezes every head that keeps a record up to this sequence alive. */
  public void freezeThrough(long sequence, Consumer<FrozenHead> due) {
    for (Iterator<SeriesState> each = active.iterator(); each.hasNext(); ) {
      FrozenHead head = each.next().freezeThrough(sequence);
      if (head != null) {
        each.remove();
        due.accept(head);
      }
    }
  }

  /** The view has them: they are read from it when somebody looks at such a run again. The sealer calls. */
  public void forgetChunksOfEndedRuns() {
    for (RunEntry entry : runs.values()) {
      if (entry.run().state().ended()) {
        entry.allSeries().forEach(SeriesState::forgetChunks);
      }
    }
  }

  /** Everything but points, as of the last change. Some 10,000 references a millisecond. */
  public Capture capture() {
    List<RunImage> images = new ArrayList<>(runs.size());
    for (RunEntry entry : runs.values()) {
      images.add(entry.image());
    }
    return new Capture(sequence, List.copyOf(experiments.values()), images, keys.all());
  }

  /** A run that has chunks: known already, or one that the journal will tell of. */
  public RunEntry expect(String id) {
    RunEntry known = runs.get(id);
    return known != null ? known : awaited.computeIfAbsent(id, RunEntry::new);
  }

  /** The runs that have chunks and that nothing told of. */
  public Collection<String> unfulfilled() {
    return List.copyOf(awaited.keySet());
  }

  /** Points that were in chunks when the store was opened. */
  public void addSealedPoints(long count) {
    points += count;
  }
}
