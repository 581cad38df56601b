package io.trainyard.runner;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A training that the agent tells a runner to do.
 *
 * @param run 32 hex digits
 * @param directory of the spool and of the output
 * @param plugin the JAR
 * @param params as JSON has them
 * @param device auto, cpu or gpu:N
 * @param data folder with data sets
 * @param inputs the files of other runs that the params refer to
 * @param checkpoint where to go on; null to begin
 * @param checkpointEvery how often to save
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
    Inputs inputs,
    long spoolLimitBytes,
    @Nullable Checkpoint checkpoint,
    Interval checkpointEvery)
    implements Order {

  /**
   * Where an attempt before has come to.
   *
   * @param file that {@link io.trainyard.spi.State#save} wrote
   * @param best what {@link Checkpoints#BEST_FACT} said last; NaN where it is not known
   */
  record Checkpoint(Path file, Position position, double best) {
    static Checkpoint parse(JsonNode json) throws IOException {
      Position position =
          new Position(
              json.path("step").asLong(), Math.max(1, json.path("epoch").asInt()), json.path("epoch_done").asInt());
      return new Checkpoint(Path.of(text(json, "file")), position, json.path("best").asDouble(Double.NaN));
    }
  }

  static Assignment parse(JsonNode json) throws IOException {
    Path data = json.path("data").isTextual() ? Path.of(json.path("data").asText()) : null;
    return new Assignment(
        text(json, "run"),
        json.path("attempt").asInt(),
        json.path("fence").asLong(),
        Path.of(text(json, "directory")),
        Path.of(text(json, "plugin")),
        text(json, "plugin_sha256"),
        text(json, "task"),
        params(json),
        json.path("seed").asLong(),
        json.path("device").asText("auto"),
        data,
        Inputs.parse(json),
        json.path("spool_limit_bytes").asLong(),
        json.path("checkpoint").isObject() ? Checkpoint.parse(json.path("checkpoint")) : null,
        Interval.parse(json.path("checkpoint_every").asText("30s")));
  }

  /** As JSON has them; a null is a param that is not given. */
  static Map<String, Object> params(JsonNode json) {
    Map<String, Object> params = new LinkedHashMap<>();
    json.path("params")
        .fields()
        .forEachRemaining(
            it -> {
              if (!it.getValue().isNull()) {
                params.put(it.getKey(), Json.MAPPER.convertValue(it.getValue(), Object.class));
              }
            });
    return params;
  }

  static String text(JsonNode json, String field) throws IOException {
    if (!json.path(field).isTextual()) {
      throw new IOException("the assignment has no " + field);
    }
    return json.path(field).asText();
  }
}
