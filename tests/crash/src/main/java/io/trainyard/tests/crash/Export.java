package io.trainyard.tests.crash;

import io.trainyard.tests.crash.plugin.Known;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Reads what {@code GET /runs/{id}/export} answers. Stateless. */
final class Export {
  private Export() {}

  /** What the export has of one series, in its order. */
  static final class Series {
    long[] steps = new long[1024];
    long[] times = new long[1024];
    double[] values = new double[1024];
    int count;

    private void add(long step, long time, double value) {
      if (count == steps.length) {
        steps = Arrays.copyOf(steps, count * 2);
        times = Arrays.copyOf(times, count * 2);
        values = Arrays.copyOf(values, count * 2);
      }
      steps[count] = step;
      times[count] = time;
      values[count++] = value;
    }
  }

  /** All series of the run, those without points too. */
  static Map<Known, Series> of(Api api, KnownRun run) {
    Map<Known, Series> all = new EnumMap<>(Known.class);
    for (Known series : Known.values()) {
      all.put(series, new Series());
    }
    String[] lines = api.text("/api/v1/runs/" + run.id() + "/export?format=csv").split("\n");
    for (int i = 1; i < lines.length; i++) {
      String[] cells = lines[i].split(",");
      if (cells.length != 5 || !cells[0].equals("1")) {
        throw new AssertionError("run " + run.id() + ": the export has the line \"" + lines[i] + "\"");
      }
      Series to = all.get(Known.valueOf(cells[1].substring(cells[1].indexOf('/') + 1).toUpperCase(Locale.ROOT)));
      to.add(Long.parseLong(cells[2]), Long.parseLong(cells[3]), Double.parseDouble(cells[4]));
    }
    return all;
  }
}
