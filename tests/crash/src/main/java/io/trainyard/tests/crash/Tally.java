package io.trainyard.tests.crash;

import io.trainyard.store.Phase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts kills by what was killed and by what it was doing. One thread. */
final class Tally {
  private final Map<Kill, Integer> kills = new EnumMap<>(Kill.class);
  private final Map<Kill, Map<String, Integer>> hits = new EnumMap<>(Kill.class);
  private final List<Long> readyMillis = new ArrayList<>();
  private final List<Long> failedMillis = new ArrayList<>();
  private long compared;
  private int verified;

  void killed(Kill kill) {
    kills.merge(kill, 1, Integer::sum);
  }

  /** A hub has died in these phases; in none of them, it was idle if it had come up, else still starting. */
  void died(Kill kill, Set<Phase> phases, boolean up) {
    Map<String, Integer> of = hits.computeIfAbsent(kill, none -> new TreeMap<>());
    phases.forEach(phase -> of.merge(name(phase), 1, Integer::sum));
    if (phases.isEmpty()) {
      of.merge(up ? "idle" : "starting", 1, Integer::sum);
    }
  }

  void ready(long millis) {
    readyMillis.add(millis);
  }

  void failed(long millis) {
    failedMillis.add(millis);
  }

  void compared(long points) {
    compared += points;
  }

  void verified() {
    verified++;
  }

  int total() {
    return kills.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** How often a store died in this phase, whatever else was killed. */
  int hits(Phase phase) {
    return hits.values().stream().mapToInt(of -> of.getOrDefault(name(phase), 0)).sum();
  }

  int idle() {
    return hits.values().stream().mapToInt(of -> of.getOrDefault("idle", 0)).sum();
  }

  private static String name(Phase phase) {
    return phase.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** As Markdown. */
  String table() {
    List<String> columns = new ArrayList<>(List.of("idle"));
    for (Phase phase : Phase.values()) {
      columns.add(name(phase));
    }
    columns.add("starting");
    StringBuilder text = new StringBuilder("| killed | times |");
    columns.forEach(column -> text.append(' ').append(column).append(" |"));
    text.append("\n|---|---|").append("---|".repeat(columns.size())).append('\n');
    kills.forEach(
        (kill, times) -> {
          text.append("| ").append(kill).append(" | ").append(times).append(" |");
          Map<String, Integer> of = hits.getOrDefault(kill, Map.of());
          columns.forEach(column -> text.append(' ').append(of.containsKey(column) ? of.get(column) : "").append(" |"));
          text.append('\n');
        });
    text.append("\nA store can be in two phases at once; each counts.\n");
    text.append(String.format(Locale.ROOT, "%,d points compared, %d times every checksum read.%n", compared, verified));
    text.append("Ready after a kill: ").append(spread(readyMillis)).append(".\n");
    text.append("From the death of a runner to FAILED: ").append(spread(failedMillis)).append(".\n");
    return text.toString();
  }

  private static String spread(List<Long> millis) {
    if (millis.isEmpty()) {
      return "not measured";
    }
    List<Long> sorted = new ArrayList<>(millis);
    Collections.sort(sorted);
    return "median " + sorted.get(sorted.size() / 2) + " ms, at most " + sorted.get(sorted.size() - 1) + " ms";
  }
}
