package io.trainyard.hub.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.SeriesData;
import io.trainyard.core.model.SeriesSummary;
import java.io.IOException;

/** Series and their points as the API shows them. Any thread may call; a million points belong on a worker. */
public final class SeriesJson {
  private SeriesJson() {}

  public static void summary(JsonGenerator out, SeriesSummary series) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", series.name());
    out.writeNumberField("count", series.count());
    out.writeNumberField("nan", series.nan());
    out.writeNumberField("pos_inf", series.posInf());
    out.writeNumberField("neg_inf", series.negInf());
    out.writeNumberField("first_step", series.firstStep());
    out.writeNumberField("last_step", series.lastStep());
    out.writeFieldName("last");
    Json.value(out, series.last());
    Json.finite(out, "min", series.min());
    Json.finite(out, "max", series.max());
    out.writeNumberField("last_time", series.lastTime());
    out.writeEndObject();
  }

  public static void points(JsonGenerator out, SeriesData data) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", data.name());
    out.writeBooleanField("raw", data instanceof SeriesData.Raw);
    out.writeNumberField("count", data.count());
    if (data instanceof SeriesData.Raw raw) {
      longs(out, "steps", raw.steps());
      longs(out, "times", raw.times());
      values(out, "values", raw.values());
    } else if (data instanceof SeriesData.Buckets buckets) {
      out.writeObjectFieldStart("buckets");
      longs(out, "first_step", buckets.firstStep());
      longs(out, "last_step", buckets.lastStep());
      longs(out, "first_time", buckets.firstTime());
      longs(out, "last_time", buckets.lastTime());
      longs(out, "count", buckets.counts());
      finites(out, "min", buckets.min());
      finites(out, "max", buckets.max());
      finites(out, "mean", buckets.mean());
      values(out, "first", buckets.first());
      values(out, "last", buckets.last());
      longs(out, "nan", buckets.nan());
      longs(out, "pos_inf", buckets.posInf());
      longs(out, "neg_inf", buckets.negInf());
      out.writeEndObject();
    }
    out.writeEndObject();
  }

  /** As it was logged, for the live feed. */
  public static void column(JsonGenerator out, MetricBatch.Column column) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", column.series());
    longs(out, "steps", column.steps());
    longs(out, "times", column.times());
    values(out, "values", column.values());
    out.writeEndObject();
  }

  private static void longs(JsonGenerator out, String name, long[] numbers) throws IOException {
    out.writeFieldName(name);
    out.writeArray(numbers, 0, numbers.length);
  }

  private static void values(JsonGenerator out, String name, double[] values) throws IOException {
    out.writeArrayFieldStart(name);
    for (double value : values) {
      Json.value(out, value);
    }
    out.writeEndArray();
  }

  private static void finites(JsonGenerator out, String name, double[] values) throws IOException {
    out.writeArrayFieldStart(name);
    for (double value : values) {
      Json.finite(out, value);
    }
    out.writeEndArray();
  }
}
