package io.trainyard.runner;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.spi.LanguageModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the agent tells a runner to ask a trained model.
 *
 * @param run 32 hex digits, of the run that trained it
 * @param plugin the JAR
 * @param params as JSON has them
 * @param device auto, cpu or gpu:N
 * @param data folder with data sets
 * @param inputs the files of other runs that the params refer to
 * @param checkpoint with the model's state
 * @param matter what is asked
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
    Matter matter,
    Path answer)
    implements Order {

  /** The kinds of question. */
  sealed interface Matter {}

  /**
   * What is on pictures.
   *
   * @param files as people have them
   */
  record Images(List<Path> files) implements Matter {}

  /** How a text goes on. */
  record Continuation(LanguageModel.Prompt prompt) implements Matter {}

  /** How likely a text is. */
  record Passage(String text) implements Matter {}

  static Question parse(JsonNode json) throws IOException {
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
        matter(json),
        Path.of(Assignment.text(json, "answer")));
  }

  private static Matter matter(JsonNode json) throws IOException {
    String mode = Assignment.text(json, "mode");
    if (mode.equals("generate")) {
      JsonNode prompt = json.path("prompt");
      return new Continuation(
          new LanguageModel.Prompt(
              prompt.path("prefix").asText(),
              prompt.path("length").asInt(),
              prompt.path("temperature").asDouble(),
              prompt.path("seed").asLong()));
    } else if (mode.equals("score")) {
      return new Passage(json.path("text").asText());
    }
    List<Path> files = new ArrayList<>();
    json.path("images").forEach(it -> files.add(Path.of(it.asText())));
    return new Images(List.copyOf(files));
  }
}
