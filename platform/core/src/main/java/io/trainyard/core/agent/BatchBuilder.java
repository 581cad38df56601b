package io.trainyard.core.agent;

import io.trainyard.client.SpoolReader;
import io.trainyard.core.model.Keepsake;
import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.RunState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what a spool's reader sees into columns. Used by the agent's thread, again and again. */
final class BatchBuilder implements SpoolReader.Visitor {
  private static final Logger log = LoggerFactory.getLogger(BatchBuilder.class);

  private final Map<String, Growing> series = new HashMap<>();
  private final List<Growing> touched = new ArrayList<>();
  private final Map<String, String> provenance = new LinkedHashMap<>();
  private final List<Keepsake> keepsakes = new ArrayList<>();
  private @Nullable Ending ending;
  private @Nullable String damage;
  private @Nullable Growing current;

  private static final class Growing {
    final String name;
    long[] steps = new long[256];
    long[] times = new long[256];
    double[] values = new double[256];
    int count;

    Growing(String name) {
      this.name = name;
    }

    void room(int more) {
      if (count + more > steps.length) {
        int size = Math.max(count + more, 2 * steps.length);
        steps = Arrays.copyOf(steps, size);
        times = Arrays.copyOf(times, size);
        values = Arrays.copyOf(values, size);
      }
    }
  }

  @Override
  public void point(String name, long step, long ms, double value) {
    Growing to = growing(name, 1);
    to.steps[to.count] = step;
    to.times[to.count] = ms;
    to.values[to.count++] = value;
  }

  @Override
  public void block(String name, long firstStep, long ms, float[] values, int count) {
    Growing to = growing(name, count);
    for (int i = 0; i < count; i++) {
      to.steps[to.count] = firstStep + i;
      to.times[to.count] = ms;
      to.values[to.count++] = values[i];
    }
  }

  @Override
  public void provenance(String key, String value) {
    provenance.put(key, value);
  }

  @Override
  public void exhibit(long position, String name, long step, long ms, byte[] json) {
    keepsakes.add(new Keepsake.Exhibit(position, name, step, ms, json));
  }

  @Override
  public void keep(long position, long ms, byte[] json) {
    keepsakes.add(new Keepsake.File(position, ms, json));
  }

  @Override
  public void end(String state, String reason, long ms) {
    RunState known = null;
    for (RunState one : RunState.values()) {
      if (one.name().equals(state) && one.ended()) {
        known = one;
      }
    }
    ending =
        known != null
            ? new Ending(known, reason, ms)
            : new Ending(RunState.FAILED, "Its end record says \"" + state + "\", which is no end. " + reason, ms);
  }

  @Override
  public void damaged(long position, String what) {
    log.error("{}", what);
    damage = what;
  }

  /** The columns since the last call, and forgets them. */
  List<MetricBatch.Column> take() {
    List<MetricBatch.Column> columns = new ArrayList<>(touched.size());
    for (Growing from : touched) {
      columns.add(
          new MetricBatch.Column(
              from.name,
              Arrays.copyOf(from.steps, from.count),
              Arrays.copyOf(from.times, from.count),
              Arrays.copyOf(from.values, from.count)));
      from.count = 0;
    }
    touched.clear();
    return columns;
  }

  /** Facts since the last call. */
  Map<String, String> takeProvenance() {
    Map<String, String> facts = Map.copyOf(provenance);
    provenance.clear();
    return facts;
  }

  /** Exhibits and files since the last call. */
  List<Keepsake> takeKeepsakes() {
    List<Keepsake> taken = List.copyOf(keepsakes);
    keepsakes.clear();
    return taken;
  }

  /** The end record, once it was read. */
  @Nullable Ending ending() {
    return ending;
  }

  /** What was wrong with the spool; null when all was well. */
  @Nullable String damage() {
    return damage;
  }

  private Growing growing(String name, int more) {
    Growing to = current;
    // The reader hands out one String for each definition, so a run of points of one series is found by reference.
    if (to == null || to.name != name) {
      to = series.computeIfAbsent(name, Growing::new);
      current = to;
    }
    if (to.count == 0) {
      touched.add(to);
    }
    to.room(more);
    return to;
  }
}
