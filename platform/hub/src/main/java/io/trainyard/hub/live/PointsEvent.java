package io.trainyard.hub.live;

import io.trainyard.core.bus.Addresses.PointsStored;
import io.trainyard.core.model.MetricBatch.Column;
import io.trainyard.hub.json.Json;
import io.trainyard.hub.json.SeriesJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Points of one attempt that are gathered to become one event. On the feed's event loop. */
final class PointsEvent {
  /** More points than this are cheaper to read from the store, in buckets, than to be sent. */
  static final int MAX_POINTS = 2_000;

  private static final int BYTES_PER_POINT = 24;

  private final String run;
  private final int attempt;
  private final long previous;
  private final List<Column> columns = new ArrayList<>();
  private long version;
  private int points;

  PointsEvent(PointsStored first) {
    this.run = first.batch().run();
    this.attempt = first.batch().attempt();
    this.previous = first.previous();
    add(first);
  }

  boolean continues(PointsStored next) {
    return next.batch().attempt() == attempt && next.previous() == version;
  }

  void add(PointsStored stored) {
    version = stored.run().version();
    points += stored.batch().points();
    if (points > MAX_POINTS) {
      columns.clear();
    } else {
      columns.addAll(stored.batch().columns());
    }
  }

  LiveEvent event() {
    if (points > MAX_POINTS) {
      return new LiveEvent(LiveEvent.Kind.POINTS, run, 200, points, version, skipped(run, version, points));
    }
    List<Column> series = joined();
    int weight = 200 + points * BYTES_PER_POINT + 100 * series.size();
    return new LiveEvent(
        LiveEvent.Kind.POINTS,
        run,
        weight,
        points,
        version,
        out -> {
          out.writeStartObject();
          out.writeStringField("run", run);
          out.writeNumberField("attempt", attempt);
          out.writeNumberField("version", version);
          out.writeNumberField("previous", previous);
          out.writeArrayFieldStart("series");
          for (Column column : series) {
            SeriesJson.column(out, column);
          }
          out.writeEndArray();
          out.writeEndObject();
        });
  }

  static Json.Writer skipped(String run, long version, long points) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("run", run);
      out.writeNumberField("version", version);
      out.writeNumberField("skipped", points);
      out.writeEndObject();
    };
  }

  /** One column for each series, whatever the batches were. */
  private List<Column> joined() {
    Map<String, List<Column>> bySeries = new LinkedHashMap<>();
    for (Column column : columns) {
      bySeries.computeIfAbsent(column.series(), name -> new ArrayList<>()).add(column);
    }
    List<Column> result = new ArrayList<>();
    for (Map.Entry<String, List<Column>> entry : bySeries.entrySet()) {
      List<Column> parts = entry.getValue();
      int count = parts.stream().mapToInt(part -> part.steps().length).sum();
      long[] steps = new long[count];
      long[] times = new long[count];
      double[] values = new double[count];
      int at = 0;
      for (Column part : parts) {
        int length = part.steps().length;
        System.arraycopy(part.steps(), 0, steps, at, length);
        System.arraycopy(part.times(), 0, times, at, length);
        System.arraycopy(part.values(), 0, values, at, length);
        at += length;
      }
      result.add(new Column(entry.getKey(), steps, times, values));
    }
    return result;
  }
}
