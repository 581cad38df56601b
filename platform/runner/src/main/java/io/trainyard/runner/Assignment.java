package io.trainyard.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the agent tells a runner to do, in one line of JSON.
 *
 * @param run 32 hex digits
 * @param directory of the spool and of the output
 * @param plugin the JAR
 * @param params as JSON has them
 * @param device auto, cpu or gpu:N
 * @param data folder with data sets
 */
record Assignment(
    String run,
    int attempt,
    long fence,
    Path directory,
    Path plugin,
    String pluginSha256,
    String task,
    Map<String, Object> params,
    long seed,
    String device,
    @Nullable Path data,
    long spoolLimitBytes) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static Assignment parse(String line) throws IOException {
    JsonNode json = JSON.readTree(line);
    Map<String, Object> params = new LinkedHashMap<>();
    json.path("params")
        .fields()
        .forEachRemaining(
            it -> {
              if (!it.getValue().isNull()) {
                params.put(it.getKey(), JSON.convertValue(it.getValue(), Object.class));
              }
            });
    return new Assignment(
        text(json, "run"),
        json.path("attempt").asInt(),
        json.path("fence").asLong(),
        Path.of(text(json, "directory")),
        Path.of(text(json, "plugin")),
        text(json, "plugin_sha256"),
        text(json, "task"),
        params,
        json.path("seed").asLong(),
        json.path("device").asText("auto"),
        json.path("data").isTextual() ? Path.of(json.path("data").asText()) : null,
        json.path("spool_limit_bytes").asLong());
  }

  private static String text(JsonNode json, String field) throws IOException {
    if (!json.path(field).isTextual()) {
      throw new IOException("the assignment has no " + field);
    }
    return json.path(field).asText();
  }
}
