package io.trainyard.runner;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trainyard.spi.Band;
import io.trainyard.spi.LanguageModel;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Param;
import io.trainyard.spi.Predictor;
import io.trainyard.spi.Task;
import io.trainyard.spi.TaskSpec;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes a spec as {@code GET /api/v1/tasks} has it; pure. */
final class SpecWriter {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private SpecWriter() {}

  /**
   * @param unavailable why it cannot be launched here; null when it can
   * @param task what its model can be asked follows from the interfaces that it has
   */
  static ObjectNode task(Task task, TaskSpec spec, @Nullable String unavailable) {
    ObjectNode json = JSON.objectNode();
    json.put("id", spec.id()).put("title", spec.title()).put("description", spec.description());
    json.put("unavailable", unavailable);
    ArrayNode params = json.putArray("params");
    spec.params().forEach(it -> params.add(param(it)));
    ArrayNode metrics = json.putArray("metrics");
    for (Metric it : spec.metrics()) {
      metrics.addObject().put("name", it.name()).put("goal", it.goal().name()).put("timed", it.timed());
    }
    json.put("best", spec.best() == null ? null : spec.best().name());
    if (task instanceof Predictor predictor) {
      Predictor.Input input = predictor.input();
      ObjectNode pictures = json.putObject("predictor");
      pictures.put("width", input.width()).put("height", input.height()).put("channels", input.channels());
    } else {
      json.putNull("predictor");
    }
    json.put("language_model", task instanceof LanguageModel);
    ArrayNode bands = json.putArray("bands");
    spec.bands().forEach(it -> bands.add(band(it)));
    return json;
  }

  private static ObjectNode band(Band band) {
    ObjectNode json = JSON.objectNode();
    json.put("metric", band.metric().name()).put("point", band.point()).put("low", band.low()).put("high", band.high());
    ObjectNode when = json.put("source", band.source()).putObject("when");
    // The map's own order is another one in each process.
    new TreeMap<>(band.when())
        .forEach((name, value) -> when.putPOJO(name, value instanceof Optional<?> it ? it.orElse(null) : value));
    return json;
  }

  static ObjectNode param(Param<?> param) {
    ObjectNode json = JSON.objectNode();
    json.put("name", param.name()).put("type", type(param)).put("help", param.help());
    if (param instanceof Param.Int it) {
      json.put("default", it.fallback());
      json.put("min", it.min() == Long.MIN_VALUE ? null : (Long) it.min());
      json.put("max", it.max() == Long.MAX_VALUE ? null : (Long) it.max());
    } else if (param instanceof Param.Real it) {
      json.put("default", it.fallback());
      json.put("min", Double.isInfinite(it.min()) ? null : (Double) it.min());
      json.put("max", Double.isInfinite(it.max()) ? null : (Double) it.max());
      json.put("min_exclusive", it.minExclusive());
    } else if (param instanceof Param.Flag it) {
      json.put("default", it.fallback());
    } else if (param instanceof Param.Choice it) {
      json.put("default", it.fallback());
      ArrayNode choices = json.putArray("choices");
      it.choices().forEach(choices::add);
    } else if (param instanceof Param.Text it) {
      json.put("default", it.fallback()).put("max_length", it.maxLength());
    } else if (param instanceof Param.Artifact) {
      json.putNull("default");
    } else if (param instanceof Param.Many<?> it) {
      json.set("default", list(it));
      json.put("min_size", it.minSize()).put("max_size", it.maxSize());
      json.set("element", param(it.element()));
    } else if (param instanceof Param.Maybe<?> it) {
      json.putNull("default");
      json.put("required", false);
      json.set("element", param(it.of()));
    }
    return json;
  }

  private static String type(Param<?> param) {
    if (param instanceof Param.Int) {
      return "int";
    } else if (param instanceof Param.Real) {
      return "real";
    } else if (param instanceof Param.Flag) {
      return "flag";
    } else if (param instanceof Param.Choice) {
      return "choice";
    } else if (param instanceof Param.Text) {
      return "text";
    } else if (param instanceof Param.Artifact) {
      return "artifact";
    }
    return param instanceof Param.Many ? "list" : "optional";
  }

  private static @Nullable ArrayNode list(Param.Many<?> param) {
    if (param.fallback() == null) {
      return null;
    }
    ArrayNode array = JSON.arrayNode();
    param.fallback().forEach(array::addPOJO);
    return array;
  }
}
