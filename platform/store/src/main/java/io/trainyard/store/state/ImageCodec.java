package io.trainyard.store.state;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.trainyard.core.model.Attempt;
import io.trainyard.core.model.Experiment;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.TaskRef;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs and experiments as JSON, in journal, snapshots and view. Any thread may call.
 *
 * <p>Written by hand on Jackson's streams: binding by reflection costs the hub's start, and would turn a param of type
 * Long into an Integer and an infinite one into text.
 */
public final class ImageCodec {
  static final JsonFactory JSON = new JsonFactory();

  private ImageCodec() {}

  @FunctionalInterface
  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  public static byte[] write(RunImage image) {
    return object(
        json -> {
          json.writeFieldName("run");
          run(image.run(), json);
          json.writeObjectFieldStart("marks");
          for (Map.Entry<Integer, Long> mark : image.marks().entrySet()) {
            json.writeNumberField(mark.getKey().toString(), mark.getValue());
          }
          json.writeEndObject();
          json.writeNumberField("lostBefore", image.lostBefore());
        });
  }

  public static byte[] write(Experiment experiment) {
    return object(
        json -> {
          json.writeStringField("id", experiment.id());
          json.writeStringField("name", experiment.name());
          json.writeNumberField("createdAt", experiment.createdAt());
          json.writeBooleanField("deleted", experiment.deleted());
          texts("tags", experiment.tags(), json);
        });
  }

  private static byte[] object(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      body.write(json);
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static void run(RunRecord run, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", run.id());
    json.writeStringField("experimentId", run.experimentId());
    json.writeStringField("name", run.name());
    json.writeStringField("state", run.state().name());
    text("reason", run.reason(), json);
    TaskRef task = run.task();
    if (task != null) {
      json.writeObjectFieldStart("task");
      json.writeStringField("id", task.id());
      json.writeStringField("pluginFile", task.pluginFile());
      json.writeStringField("pluginVersion", task.pluginVersion());
      json.writeStringField("pluginSha256", task.pluginSha256());
      json.writeEndObject();
    }
    json.writeObjectFieldStart("params");
    for (Map.Entry<String, Object> param : run.params().entrySet()) {
      json.writeFieldName(param.getKey());
      value(param.getValue(), json);
    }
    json.writeEndObject();
    json.writeNumberField("seed", run.seed());
    texts("tags", run.tags(), json);
    json.writeStringField("notes", run.notes());
    json.writeNumberField("createdAt", run.createdAt());
    number("startedAt", run.startedAt(), json);
    number("endedAt", run.endedAt(), json);
    json.writeBooleanField("stopRequested", run.stopRequested());
    json.writeBooleanField("draining", run.draining());
    number("unreachableSince", run.unreachableSince(), json);
    json.writeNumberField("lostPoints", run.lostPoints());
    text("rerunOf", run.rerunOf(), json);
    json.writeBooleanField("deleted", run.deleted());
    text("dataFolder", run.dataFolder(), json);
    if (!run.options().isEmpty()) {
      texts("options", run.options(), json);
    }
    text("resumeFrom", run.resumeFrom(), json);
    number("resumedAt", run.resumedAt(), json);
    json.writeArrayFieldStart("attempts");
    for (Attempt attempt : run.attempts()) {
      attempt(attempt, json);
    }
    json.writeEndArray();
    texts("provenance", run.provenance(), json);
    json.writeNumberField("version", run.version());
    json.writeEndObject();
  }

  private static void attempt(Attempt attempt, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("number", attempt.number());
    json.writeNumberField("fence", attempt.fence());
    json.writeStringField("agent", attempt.agent());
    json.writeNumberField("startedAt", attempt.startedAt());
    number("endedAt", attempt.endedAt(), json);
    number("fromStep", attempt.fromStep(), json);
    text("outcome", attempt.outcome() == null ? null : attempt.outcome().name(), json);
    text("reason", attempt.reason(), json);
    json.writeEndObject();
  }

  /** Doubles that JSON does not know are objects with one field. */
  private static void value(Object value, JsonGenerator json) throws IOException {
    if (value instanceof String string) {
      json.writeString(string);
    } else if (value instanceof Boolean bool) {
      json.writeBoolean(bool);
    } else if (value instanceof Double real) {
      if (Double.isFinite(real)) {
        json.writeNumber(real);
      } else {
        json.writeStartObject();
        json.writeStringField("double", real.toString());
        json.writeEndObject();
      }
    } else if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
      json.writeNumber(((Number) value).longValue());
    } else if (value instanceof Float real) {
      value(real.doubleValue(), json);
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object element : list) {
        value(element, json);
      }
      json.writeEndArray();
    } else {
      throw new IllegalArgumentException("a param cannot be a " + value.getClass().getName());
    }
  }

  private static void texts(String field, Map<String, String> texts, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, String> text : texts.entrySet()) {
      json.writeStringField(text.getKey(), text.getValue());
    }
    json.writeEndObject();
  }

  private static void text(String field, @Nullable String text, JsonGenerator json) throws IOException {
    if (text != null) {
      json.writeStringField(field, text);
    }
  }

  private static void number(String field, @Nullable Long number, JsonGenerator json) throws IOException {
    if (number != null) {
      json.writeNumberField(field, number);
    }
  }
}
