package io.trainyard.hub.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.trainyard.core.model.ParamSpec;
import io.trainyard.core.model.TaskInfo;
import io.trainyard.core.model.TaskInfo.BandInfo;
import io.trainyard.core.model.TaskInfo.PredictorInfo;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A task and its params as the API shows them: what the launch form and the flags are drawn from. Any thread may call. */
public final class TaskJson {
  private TaskJson() {}

  public static void write(JsonGenerator out, TaskInfo task) throws IOException {
    out.writeStartObject();
    out.writeStringField("id", task.id());
    out.writeStringField("title", task.title());
    out.writeStringField("description", task.description());
    out.writeBooleanField("available", task.unavailable() == null);
    Json.text(out, "reason", task.unavailable());
    out.writeObjectFieldStart("plugin");
    out.writeStringField("file", task.ref().pluginFile());
    out.writeStringField("version", task.ref().pluginVersion());
    out.writeStringField("sha256", task.ref().pluginSha256());
    out.writeEndObject();
    out.writeArrayFieldStart("params");
    for (ParamSpec param : task.params()) {
      param(out, param);
    }
    out.writeEndArray();
    out.writeArrayFieldStart("metrics");
    for (TaskInfo.MetricInfo metric : task.metrics()) {
      out.writeStartObject();
      out.writeStringField("name", metric.name());
      out.writeStringField("goal", metric.goal());
      out.writeBooleanField("timed", metric.timed());
      out.writeEndObject();
    }
    out.writeEndArray();
    Json.text(out, "best", task.best());
    out.writeFieldName("predictor");
    predictor(out, task.predictor());
    out.writeBooleanField("language_model", task.languageModel());
    out.writeArrayFieldStart("bands");
    for (BandInfo band : task.bands()) {
      out.writeStartObject();
      band(out, band);
      out.writeObjectFieldStart("when");
      for (Map.Entry<String, Object> needed : band.when().entrySet()) {
        out.writeFieldName(needed.getKey());
        Json.plain(out, needed.getValue());
      }
      out.writeEndObject();
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  /** The pictures that a model takes, or null. */
  static void predictor(JsonGenerator out, @Nullable PredictorInfo predictor) throws IOException {
    if (predictor == null) {
      out.writeNull();
      return;
    }
    out.writeStartObject();
    out.writeNumberField("width", predictor.width());
    out.writeNumberField("height", predictor.height());
    out.writeNumberField("channels", predictor.channels());
    out.writeEndObject();
  }

  /** Its fields but the params for which it holds. */
  static void band(JsonGenerator out, BandInfo band) throws IOException {
    out.writeStringField("metric", band.metric());
    out.writeNumberField("point", band.point());
    // Half a band is one: everything below 0.1, say.
    out.writeFieldName("low");
    Json.value(out, band.low());
    out.writeFieldName("high");
    Json.value(out, band.high());
    out.writeStringField("source", band.source());
  }

  static void param(JsonGenerator out, ParamSpec param) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", param.name());
    out.writeStringField("type", param.type());
    out.writeStringField("help", param.help());
    out.writeFieldName("default");
    Json.plain(out, param.fallback());
    switch (param.type()) {
      case "int" -> {
        bound(out, "min", param.min());
        bound(out, "max", param.max());
      }
      case "real" -> {
        bound(out, "min", param.min());
        bound(out, "max", param.max());
        out.writeBooleanField("min_exclusive", param.minExclusive());
      }
      case "choice" -> Json.texts(out, "choices", param.choices());
      case "text" -> out.writeNumberField("max_length", param.maxLength());
      case "list" -> {
        out.writeNumberField("min_size", param.minSize());
        out.writeNumberField("max_size", param.maxSize());
        element(out, param.element());
      }
      case "optional" -> {
        // Beside a default of null, which elsewhere means that the param must be given.
        out.writeBooleanField("required", false);
        element(out, param.element());
      }
      default -> {
        // A flag has no bounds.
      }
    }
    out.writeEndObject();
  }

  private static void element(JsonGenerator out, @Nullable ParamSpec element) throws IOException {
    if (element != null) {
      out.writeFieldName("element");
      param(out, element);
    }
  }

  /** The bounds that an unbounded param has in Java are none to people. */
  private static void bound(JsonGenerator out, String name, @Nullable Number bound) throws IOException {
    boolean none =
        bound == null
            || (bound instanceof Double real && real.isInfinite())
            || (bound instanceof Long whole && (whole == Long.MIN_VALUE || whole == Long.MAX_VALUE));
    out.writeFieldName(name);
    Json.plain(out, none ? null : bound);
  }
}
