package io.trainyard.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.core.model.ParamSpec;
import io.trainyard.core.model.TaskInfo;
import io.trainyard.core.model.TaskInfo.BandInfo;
import io.trainyard.core.model.TaskInfo.MetricInfo;
import io.trainyard.core.model.TaskInfo.PredictorInfo;
import io.trainyard.core.model.TaskRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the specs that an inspector wrote; its format is the one of {@code GET /api/v1/tasks}. Pure; any thread. */
final class SpecJson {
  private SpecJson() {}

  static TaskInfo task(JsonNode json, String file, String version, String sha256) {
    String id = json.path("id").asText();
    List<ParamSpec> params = new ArrayList<>();
    json.path("params").forEach(param -> params.add(param(param)));
    List<MetricInfo> metrics = new ArrayList<>();
    json.path("metrics")
        .forEach(
            m ->
                metrics.add(
                    new MetricInfo(
                        m.path("name").asText(), m.path("goal").asText("NONE"), m.path("timed").asBoolean(false))));
    List<BandInfo> bands = new ArrayList<>();
    json.path("bands").forEach(band -> bands.add(band(band, params)));
    JsonNode predictor = json.path("predictor");
    String unavailable = json.path("unavailable").isTextual() ? json.path("unavailable").asText() : null;
    return new TaskInfo(
        id,
        json.path("title").asText(id),
        json.path("description").asText(""),
        unavailable,
        new TaskRef(id, file, version, sha256),
        List.copyOf(params),
        List.copyOf(metrics),
        json.path("best").isTextual() ? json.path("best").asText() : null,
        predictor.isObject()
            ? new PredictorInfo(
                predictor.path("width").asInt(), predictor.path("height").asInt(), predictor.path("channels").asInt())
            : null,
        json.path("language_model").asBoolean(false),
        List.copyOf(bands));
  }

  private static BandInfo band(JsonNode json, List<ParamSpec> params) {
    Map<String, Object> when = new LinkedHashMap<>();
    json.path("when")
        .fields()
        .forEachRemaining(
            given -> {
              Object value = value(given.getValue(), typeOf(given.getKey(), params));
              if (value != null) {
                when.put(given.getKey(), value);
              }
            });
    return new BandInfo(
        json.path("metric").asText(),
        json.path("point").asInt(1),
        json.path("low").asDouble(),
        json.path("high").asDouble(),
        json.path("source").asText(""),
        when);
  }

  /** Of its elements, where it is a list; of what it is when it is there, where it is optional. */
  private static String typeOf(String param, List<ParamSpec> params) {
    for (ParamSpec spec : params) {
      if (spec.name().equals(param)) {
        ParamSpec element = spec.element();
        return element == null ? spec.type() : element.element() == null ? element.type() : element.element().type();
      }
    }
    return "text";
  }

  private static ParamSpec param(JsonNode json) {
    String type = json.path("type").asText();
    List<String> choices = new ArrayList<>();
    json.path("choices").forEach(choice -> choices.add(choice.asText()));
    return new ParamSpec(
        json.path("name").asText(),
        type,
        json.path("help").asText(""),
        value(json.get("default"), type.equals("list") ? json.path("element").path("type").asText() : type),
        number(json.get("min"), type),
        number(json.get("max"), type),
        json.path("min_exclusive").asBoolean(false),
        List.copyOf(choices),
        json.path("max_length").asInt(Integer.MAX_VALUE),
        json.path("min_size").asInt(0),
        json.path("max_size").asInt(Integer.MAX_VALUE),
        json.has("element") ? param(json.get("element")) : null);
  }

  private static @Nullable Number number(@Nullable JsonNode json, String type) {
    if (json == null || !json.isNumber()) {
      return null;
    }
    if (type.equals("int")) {
      return json.asLong();
    }
    return json.asDouble();
  }

  /** A default as the type says: 5 of a real is 5.0. */
  private static @Nullable Object value(@Nullable JsonNode json, String type) {
    if (json == null || json.isNull()) {
      return null;
    }
    if (json.isArray()) {
      List<Object> list = new ArrayList<>();
      for (JsonNode element : json) {
        Object one = value(element, type);
        if (one != null) {
          list.add(one);
        }
      }
      return List.copyOf(list);
    }
    return switch (type) {
      case "int" -> json.asLong();
      case "real" -> json.asDouble();
      case "flag" -> json.asBoolean();
      default -> json.asText();
    };
  }
}
