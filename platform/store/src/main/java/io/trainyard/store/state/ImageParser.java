package io.trainyard.store.state;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.trainyard.core.model.Attempt;
import io.trainyard.core.model.Experiment;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.model.TaskRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link ImageCodec} wrote. Any thread may call. Fields that it does not know are skipped, ones that are
 * missing have no value.
 */
public final class ImageParser {
  private ImageParser() {}

  public static RunImage run(byte[] bytes) {
    Map<String, Object> image = parse(bytes);
    Map<Integer, Long> marks = new HashMap<>();
    object(image, "marks").forEach((attempt, next) -> marks.put(Integer.valueOf(attempt), (Long) next));
    Map<String, Object> run = object(image, "run");
    List<Attempt> attempts = new ArrayList<>();
    for (Object attempt : (List<?>) run.getOrDefault("attempts", List.of())) {
      attempts.add(attempt(cast(attempt)));
    }
    RunRecord record =
        new RunRecord(
            string(run, "id"),
            string(run, "experimentId"),
            string(run, "name"),
            RunState.valueOf(string(run, "state")),
            text(run, "reason"),
            task(run),
            params(object(run, "params")),
            number(run, "seed"),
            texts(object(run, "tags")),
            string(run, "notes"),
            number(run, "createdAt"),
            (Long) run.get("startedAt"),
            (Long) run.get("endedAt"),
            flag(run, "stopRequested"),
            flag(run, "draining"),
            (Long) run.get("unreachableSince"),
            number(run, "lostPoints"),
            text(run, "rerunOf"),
            flag(run, "deleted"),
            text(run, "dataFolder"),
            texts(object(run, "options")),
            text(run, "resumeFrom"),
            (Long) run.get("resumedAt"),
            attempts,
            texts(object(run, "provenance")),
            number(run, "version"));
    return new RunImage(record, marks, number(image, "lostBefore"));
  }

  public static Experiment experiment(byte[] bytes) {
    Map<String, Object> fields = parse(bytes);
    return new Experiment(
        string(fields, "id"),
        string(fields, "name"),
        number(fields, "createdAt"),
        flag(fields, "deleted"),
        texts(object(fields, "tags")));
  }

  private static Attempt attempt(Map<String, Object> fields) {
    String outcome = text(fields, "outcome");
    return new Attempt(
        (int) number(fields, "number"),
        number(fields, "fence"),
        string(fields, "agent"),
        number(fields, "startedAt"),
        (Long) fields.get("endedAt"),
        (Long) fields.get("fromStep"),
        outcome == null ? null : RunState.valueOf(outcome),
        text(fields, "reason"));
  }

  private static @Nullable TaskRef task(Map<String, Object> run) {
    if (!run.containsKey("task")) {
      return null;
    }
    Map<String, Object> task = object(run, "task");
    return new TaskRef(string(task, "id"), string(task, "pluginFile"), string(task, "pluginVersion"), string(task,
        "pluginSha256"));
  }

  private static Map<String, Object> params(Map<String, Object> fields) {
    Map<String, Object> params = new LinkedHashMap<>();
    fields.forEach((name, value) -> params.put(name, param(value)));
    return params;
  }

  private static Object param(Object value) {
    if (value instanceof Map<?, ?> special) {
      return Double.valueOf(String.valueOf(special.get("double")));
    }
    if (value instanceof List<?> list) {
      List<Object> values = new ArrayList<>(list.size());
      for (Object element : list) {
        values.add(param(element));
      }
      return List.copyOf(values);
    }
    return value;
  }

  private static Map<String, Object> parse(byte[] bytes) {
    try (JsonParser json = ImageCodec.JSON.createParser(bytes)) {
      json.nextToken();
      return cast(value(json));
    } catch (IOException failure) {
      throw new IllegalArgumentException("not JSON: " + failure.getMessage(), failure);
    }
  }

  private static Object value(JsonParser json) throws IOException {
    switch (json.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> fields = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
          String name = json.currentName();
          json.nextToken();
          fields.put(name, value(json));
        }
        return fields;
      }
      case START_ARRAY -> {
        List<Object> elements = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          elements.add(value(json));
        }
        return elements;
      }
      case VALUE_STRING -> {
        return json.getText();
      }
      case VALUE_NUMBER_INT -> {
        return json.getLongValue();
      }
      case VALUE_NUMBER_FLOAT -> {
        return json.getDoubleValue();
      }
      case VALUE_TRUE -> {
        return true;
      }
      case VALUE_FALSE -> {
        return false;
      }
      default -> throw new IllegalArgumentException("unexpected " + json.currentToken());
    }
  }

  @SuppressWarnings("unchecked") // Objects that value() made have text for keys.
  private static Map<String, Object> cast(Object object) {
    return (Map<String, Object>) object;
  }

  private static Map<String, Object> object(Map<String, Object> fields, String name) {
    return cast(fields.getOrDefault(name, Map.of()));
  }

  private static Map<String, String> texts(Map<String, Object> fields) {
    Map<String, String> texts = new LinkedHashMap<>();
    fields.forEach((name, value) -> texts.put(name, (String) value));
    return texts;
  }

  private static String string(Map<String, Object> fields, String name) {
    return (String) fields.getOrDefault(name, "");
  }

  private static @Nullable String text(Map<String, Object> fields, String name) {
    return (String) fields.get(name);
  }

  private static long number(Map<String, Object> fields, String name) {
    return (Long) fields.getOrDefault(name, 0L);
  }

  private static boolean flag(Map<String, Object> fields, String name) {
    return (Boolean) fields.getOrDefault(name, false);
  }
}
