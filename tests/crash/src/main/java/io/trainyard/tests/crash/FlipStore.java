package io.trainyard.tests.crash;

import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.run.Trees;
import io.trainyard.core.store.Applied;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.RunStore;
import io.trainyard.store.StoreOptions;
import io.trainyard.store.TrainyardStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A small store with everything in it that a store can have, as bytes: journal segments, a snapshot, chunks, a view and its checkpoint. */
final class FlipStore {
  /** Files so small that a few thousand points fill several of each kind. */
  static final StoreOptions OPTIONS =
      StoreOptions.defaults().withSegmentBytes(4096).withSealing(64, 1).withCheckpointBytes(16_384).withReserveBytes(0);

  private static final List<String> SERIES = List.of("a", "b", "wild");
  private static final int RUNS = 3;
  private static final long TIME = 1_700_000_000_000L;

  /** How its last hub ended, and how much is in it. */
  enum Kind {
    CLOSED(60),
    KILLED(60),
    /** Closed after so little that the journal and {@code format.json} are all there is. */
    YOUNG(2);

    private final int batches;

    Kind(int batches) {
      this.batches = batches;
    }
  }

  private final Map<String, byte[]> files;
  private final Kind kind;
  private final Map<String, List<long[]>> logged;

  private FlipStore(Map<String, byte[]> files, Kind kind, Map<String, List<long[]>> logged) {
    this.files = files;
    this.kind = kind;
    this.logged = logged;
  }

  /** Writes one into a folder that is there for nothing else. */
  static FlipStore make(Path folder, Kind kind) throws IOException {
    Trees.delete(folder);
    Map<String, List<long[]>> logged = new HashMap<>();
    try (TrainyardStore store = TrainyardStore.open(folder, OPTIONS)) {
      fill(store, logged, kind.batches);
      if (kind == Kind.KILLED) {
        return new FlipStore(read(folder), kind, logged);
      }
    }
    return new FlipStore(read(folder), kind, logged);
  }

  /** The points of a series as step, time and bits, in the order in which they must be answered: by step, then time, then arrival. */
  List<long[]> logged(String run, String series) {
    List<long[]> points = new ArrayList<>(logged.getOrDefault(run + " " + series, List.of()));
    points.sort(Comparator.<long[]>comparingLong(point -> point[0]).thenComparingLong(point -> point[1]));
    return points;
  }

  /** Its files, by their path from the folder. */
  Map<String, byte[]> files() {
    return files;
  }

  Kind kind() {
    return kind;
  }

  static Map<String, List<String>> seriesOfRuns() {
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (int i = 0; i < RUNS; i++) {
      all.put(id(i), SERIES);
    }
    return all;
  }

  private static String id(int run) {
    return String.format("%032x", 0xabc000L + run);
  }

  private static void fill(RunStore store, Map<String, List<long[]>> logged, int batches) {
    Random random = new Random(3);
    apply(store, new Change.CreateExperiment("Other", Map.of("key", "value"), TIME));
    long[] fences = new long[RUNS];
    for (int i = 0; i < RUNS; i++) {
      RunRecord made =
          new RunRecord(
              id(i), "0", "run " + i, RunState.RUNNING, null, null, Map.of("x", (double) i), 7, Map.of("tag", "t" + i), "notes", TIME + i, null, null,
              false, false, null, 0, null, false, null, Map.of(), null, null, List.of(), Map.of("os", "some"), 0);
      fences[i] = Objects.requireNonNull(Objects.requireNonNull(apply(store, new Change.CreateRun(made)).run()).attempt()).fence();
    }
    for (int batch = 0; batch < batches; batch++) {
      for (int i = 0; i < RUNS; i++) {
        long from = batch * 10L;
        List<MetricBatch.Column> columns =
            List.of(column(random, "a", from, 10, 1), column(random, "b", from - 5, 12, 1), column(random, "wild", from * 3 % 100, 10, 7));
        for (MetricBatch.Column column : columns) {
          List<long[]> points = logged.computeIfAbsent(id(i) + " " + column.series(), none -> new ArrayList<>());
          for (int p = 0; p < column.steps().length; p++) {
            points.add(new long[] {column.steps()[p], column.times()[p], Double.doubleToRawLongBits(column.values()[p])});
          }
        }
        apply(store, new Change.AppendPoints(new MetricBatch(id(i), 1, fences[i], from, from + 10, columns)));
      }
      if (batch % 20 == 10) {
        settle(store);
        apply(store, new Change.EditRun(id(batch % RUNS), "renamed " + batch, null, Map.of()));
      }
    }
    apply(store, new Change.EndAttempt(id(0), 1, fences[0], RunState.FINISHED, null, TIME + 5000, false, 0));
    settle(store);
  }

  /** Lets the sealer come to rest: then the files are the same from start to start, but for its timing. */
  private static void settle(RunStore store) {
    long[] last = {-1};
    long[] since = {System.nanoTime()};
    Await.within(
        Duration.ofSeconds(5),
        () -> {
          long bytes = store.status().chunkBytes() + store.status().journalBytes();
          if (bytes != last[0]) {
            last[0] = bytes;
            since[0] = System.nanoTime();
          }
          return System.nanoTime() - since[0] > TimeUnit.MILLISECONDS.toNanos(100);
        });
  }

  private static MetricBatch.Column column(Random random, String series, long from, int count, int stride) {
    long[] steps = new long[count];
    long[] times = new long[count];
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      steps[i] = from + (long) i * stride;
      times[i] = TIME + from + i;
      values[i] = series.equals("wild") ? Double.longBitsToDouble(random.nextLong()) : (float) random.nextGaussian();
    }
    return new MetricBatch.Column(series, steps, times, values);
  }

  private static Applied apply(RunStore store, Change change) {
    return store.apply(change).toCompletableFuture().join();
  }

  private static Map<String, byte[]> read(Path folder) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString();
        if (!name.equals("store.lock")) {
          files.put(name, Files.readAllBytes(file));
        }
      }
    }
    return files;
  }

  /** Puts the files into a folder, in place of whatever is there. */
  void write(Path folder) throws IOException {
    Trees.delete(folder);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
  }
}
