package io.trainyard.store.state;

import io.trainyard.core.model.RunRecord;
import io.trainyard.store.chunk.SeriesKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A run and its series. The writer thread changes it; any thread reads. */
public final class RunEntry {
  private record Search(RunRecord of, String text) {}

  private final Map<SeriesKey, SeriesState> series = new ConcurrentHashMap<>();
  private final String id;
  private volatile @Nullable RunImage image;
  private volatile @Nullable Search search;

  /** Readers see it when it has an image. */
  RunEntry(String id) {
    this.id = id;
  }

  public RunImage image() {
    return Objects.requireNonNull(image);
  }

  public RunRecord run() {
    return image().run();
  }

  void image(RunImage changed) {
    image = changed;
  }

  public SeriesState series(int attempt, String name) {
    SeriesKey key = new SeriesKey(id, attempt, name);
    SeriesState known = series.get(key);
    return known != null ? known : series.computeIfAbsent(key, SeriesState::new);
  }

  public @Nullable SeriesState find(int attempt, String name) {
    return series.get(new SeriesKey(id, attempt, name));
  }

  public Collection<SeriesState> allSeries() {
    return series.values();
  }

  /** Of all attempts, in order. */
  public Collection<String> seriesNames() {
    TreeSet<String> names = new TreeSet<>();
    for (SeriesKey key : series.keySet()) {
      names.add(key.series());
    }
    return names;
  }

  /** What a search looks into, in lower case; computed once for each version of the run's facts. */
  public String searchText() {
    RunRecord run = run();
    Search known = search;
    if (known != null && sameFacts(known.of(), run)) {
      return known.text();
    }
    List<Object> parts = new ArrayList<>();
    parts.add(run.id());
    parts.add(run.name());
    parts.add(run.state());
    if (run.task() != null) {
      parts.add(run.task().id());
    }
    run.tags().forEach((key, value) -> parts.add(key + "=" + value));
    run.params().forEach((key, value) -> parts.add(key + "=" + value));
    StringBuilder text = new StringBuilder();
    for (Object part : parts) {
      text.append(part).append('\n');
    }
    String lower = text.toString().toLowerCase(Locale.ROOT);
    search = new Search(run, lower);
    return lower;
  }

  /** Points change the version all the time, but not what is searched. */
  private static boolean sameFacts(RunRecord known, RunRecord now) {
    return known == now
        || known.state() == now.state() && known.name().equals(now.name()) && known.tags().equals(now.tags());
  }
}
