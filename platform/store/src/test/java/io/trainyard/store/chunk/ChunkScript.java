package io.trainyard.store.chunk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A day of a store's life on chunk files: seals, late points, merges, purges, evacuations; and what must be there after
 * each sync.
 */
final class ChunkScript {
  static final ChunkFiles.Options SMALL = new ChunkFiles.Options(20_000, 1 << 18, ChunkFiles.Position.NONE);

  /** Values by step, by series. */
  record State(Map<SeriesKey, TreeMap<Long, Double>> series) {
    State copy() {
      Map<SeriesKey, TreeMap<Long, Double>> copy = new HashMap<>();
      series.forEach((key, points) -> copy.put(key, new TreeMap<>(points)));
      return new State(copy);
    }
  }

  final Map<SeriesKey, List<ChunkRef>> index = new LinkedHashMap<>();
  private final State live = new State(new HashMap<>());
  private final Random random;
  private long sequence;

  /** As of the last sync that returned. */
  State promised = new State(new HashMap<>());

  /** As of the sync that is under way; null when none is. */
  State asked;

  ChunkFiles.Position position = ChunkFiles.Position.NONE;

  ChunkScript(long seed) {
    random = new Random(seed);
  }

  void run(ChunkFiles files, int rounds) throws IOException {
    for (int round = 0; round < rounds; round++) {
      for (int i = random.nextInt(3); i >= 0; i--) {
        seal(files, new SeriesKey("run" + random.nextInt(2), 1, "m" + random.nextInt(3)));
      }
      List<Move> moves = new ArrayList<>();
      if (random.nextInt(3) == 0) {
        SeriesKey key = index.keySet().iterator().next();
        for (List<ChunkRef> group : ChunkMerger.plan(index.get(key), 0)) {
          moves.add(new ChunkMerger(files).merge(key, group));
        }
      }
      if (random.nextInt(6) == 0) {
        List<SeriesKey> keys = new ArrayList<>(index.keySet());
        SeriesKey purged = keys.get(random.nextInt(keys.size()));
        if (moves.stream().noneMatch(move -> move.key().equals(purged))) {
          List<ChunkRef> gone = index.get(purged);
          files.drop(gone);
          moves.add(new Move(purged, gone, List.of()));
          live.series.put(purged, new TreeMap<>());
        }
      }
      sync(files, moves);
      if (random.nextInt(3) == 0) {
        sync(files, files.evacuate(this::isLive));
        files.deleteDead(this::isLive);
        position = files.position();
      }
    }
  }

  private void seal(ChunkFiles files, SeriesKey key) throws IOException {
    TreeMap<Long, Double> points = live.series.computeIfAbsent(key, k -> new TreeMap<>());
    List<ChunkRef> chunks = index.computeIfAbsent(key, k -> new ArrayList<>());
    long highest = points.isEmpty() ? 0 : points.lastKey();
    List<Samples.Point> fresh = new ArrayList<>();
    for (int i = 0; i < 200 + random.nextInt(800); i++) {
      long step = random.nextInt(10) == 0 ? (long) (random.nextDouble() * 2e9) : highest + 3L * i + 1;
      double value = Samples.value(random, 0);
      if (points.putIfAbsent(step, value) == null) {
        fresh.add(new Samples.Point(step, i, value, i));
      }
    }
    long sealedTo = chunks.stream().mapToLong(c -> c.summary().lastStep()).max().orElse(Long.MIN_VALUE);
    chunks.addAll(files.append(key, ++sequence, sealedTo, Samples.ordered(fresh)));
  }

  private void sync(ChunkFiles files, List<Move> moves) throws IOException {
    asked = live.copy();
    position = files.sync();
    promised = asked;
    asked = null;
    for (Move move : moves) {
      List<ChunkRef> chunks = new ArrayList<>(index.get(move.key()));
      chunks.removeAll(move.gone());
      chunks.addAll(move.fresh());
      index.put(move.key(), chunks);
    }
  }

  boolean isLive(SeriesKey key, ChunkRef chunk) {
    return index.getOrDefault(key, List.of()).contains(chunk);
  }

  /** What the files hold, by a scan and by reading all of it. */
  static State read(ChunkFiles files, Map<SeriesKey, List<ChunkRef>> index) throws IOException {
    State state = new State(new HashMap<>());
    for (Map.Entry<SeriesKey, List<ChunkRef>> entry : index.entrySet()) {
      SeriesPart part = new SeriesPart(entry.getKey(), entry.getValue(), List.of(), Long.MIN_VALUE, Long.MAX_VALUE);
      TreeMap<Long, Double> points = new TreeMap<>();
      new SeriesReader(files)
          .forEach(
              List.of(part),
              Long.MIN_VALUE,
              Long.MAX_VALUE,
              (step, time, value) -> {
                if (points.put(step, value) != null) {
                  throw new AssertionError("step " + step + " of " + entry.getKey() + " is there twice");
                }
              });
      state.series.put(entry.getKey(), points);
    }
    return state;
  }

  static Map<SeriesKey, List<ChunkRef>> scan(ChunkFiles files) throws IOException {
    Map<SeriesKey, List<ChunkRef>> index = new LinkedHashMap<>();
    files.scan((key, chunk) -> index.computeIfAbsent(key, k -> new ArrayList<>()).add(chunk));
    return index;
  }

  static boolean same(State a, State b) {
    return nonEmpty(a).equals(nonEmpty(b));
  }

  private static Map<SeriesKey, TreeMap<Long, Double>> nonEmpty(State state) {
    Map<SeriesKey, TreeMap<Long, Double>> some = new HashMap<>(state.series);
    some.values().removeIf(TreeMap::isEmpty);
    return some;
  }
}
