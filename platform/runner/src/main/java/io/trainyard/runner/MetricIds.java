package io.trainyard.runner;

import io.trainyard.client.SpoolWriter;
import io.trainyard.spi.Metric;
import org.jspecify.annotations.Nullable;

/**
 * Finds the spool's number of a metric, by the identity of the metric's instance: two loads and a comparison, 2 ns; any
 * thread.
 *
 * <p>Tables are immutable and replaced: a thread that sees an old one looks in the spool's map once more. A task that
 * makes a new Metric for each call must not fill the memory, so a table stops growing at {@value #MAX} instances, and
 * such calls go by the name.
 */
final class MetricIds {
  private static final int MAX = 1024;

  private final SpoolWriter writer;
  private Table table = new Table(new Metric[16], new int[16], 0);

  MetricIds(SpoolWriter writer) {
    this.writer = writer;
  }

  int of(Metric metric) {
    Table now = table;
    int mask = now.keys.length - 1;
    for (int at = System.identityHashCode(metric) & mask; ; at = (at + 1) & mask) {
      Metric key = now.keys[at];
      if (key == metric) {
        return now.ids[at];
      }
      if (key == null) {
        return add(metric);
      }
    }
  }

  private synchronized int add(Metric metric) {
    int id = writer.series(metric.name());
    if (table.size < MAX) {
      table = table.with(metric, id);
    }
    return id;
  }

  /** Open addressing, at most half full. Final fields: a thread that sees the table sees what is in it. */
  private static final class Table {
    final @Nullable Metric[] keys;
    final int[] ids;
    final int size;

    Table(@Nullable Metric[] keys, int[] ids, int size) {
      this.keys = keys;
      this.ids = ids;
      this.size = size;
    }

    Table with(Metric metric, int id) {
      int length = 2 * (size + 1) > keys.length ? keys.length * 2 : keys.length;
      Table grown = new Table(new Metric[length], new int[length], size + 1);
      for (int i = 0; i < keys.length; i++) {
        Metric key = keys[i];
        if (key != null) {
          grown.put(key, ids[i]);
        }
      }
      grown.put(metric, id);
      return grown;
    }

    private void put(Metric metric, int id) {
      int mask = keys.length - 1;
      int at = System.identityHashCode(metric) & mask;
      while (keys[at] != null && keys[at] != metric) {
        at = (at + 1) & mask;
      }
      keys[at] = metric;
      ids[at] = id;
    }
  }
}
