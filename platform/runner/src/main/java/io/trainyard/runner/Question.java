package io.trainyard.runner;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pictures that the agent tells a runner to show to a trained model.
 *
 * @param run 32 hex digits, of the run that trained it
 * @param plugin the JAR
 * @param params as JSON has them
 * @param device auto, cpu or gpu:N
 * @param data folder with data sets
 * @param inputs the files of other runs that the params refer to
 * @param checkpoint with the model's state
 * @param images files as people have them
 * @param answer the file to write
 */
record Question(
    String run,
    Path plugin,
    String pluginSha256,
    String task,
    Map<String, Object> params,
    long seed,
    String device,
    @Nullable Path data,
    Inputs inputs,
    Path checkpoint,
    List<Path> images,
    Path answer)
    implements Order {

  static Question parse(JsonNode json) throws IOException {
    List<Path> images = new ArrayList<>();
    json.path("images").forEach(it -> images.add(Path.of(it.asText())));
    return new Question(
        Assignment.text(json, "run"),
        Path.of(Assignment.text(json, "plugin")),
        Assignment.text(json, "plugin_sha256"),
        Assignment.text(json, "task"),
        Assignment.params(json),
        json.path("seed").asLong(),
        json.path("device").asText("auto"),
        json.path("data").isTextual() ? Path.of(json.path("data").asText()) : null,
        Inputs.parse(json),
        Path.of(Assignment.text(json.path("checkpoint"), "file")),
        List.copyOf(images),
        Path.of(Assignment.text(json, "answer")));
  }
}
