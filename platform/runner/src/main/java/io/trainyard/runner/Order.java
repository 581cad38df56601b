package io.trainyard.runner;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** What the agent tells a runner to do, in one line of JSON. */
sealed interface Order permits Assignment, Question {
  /** By its {@code mode}: {@code predict}, {@code generate}, {@code score}, or without one a training. */
  static Order parse(String line) throws IOException {
    JsonNode json = Json.MAPPER.readTree(line);
    String mode = json.path("mode").asText("train");
    return switch (mode) {
      case "train" -> Assignment.parse(json);
      case "predict", "generate", "score" -> Question.parse(json);
      default -> throw new IOException("the mode is train, predict, generate or score, not \"" + mode + "\"");
    };
  }
}
