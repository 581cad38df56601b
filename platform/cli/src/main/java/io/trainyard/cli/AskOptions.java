package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What all commands that ask a trained model take, and the asking. */
final class AskOptions {
  enum Which {
    best,
    last
  }

  @Mixin private HomeOptions home = new HomeOptions();

  @Parameters(index = "0", paramLabel = "RUN", description = "Its id, or the first 6 digits or more of it.")
  private String run = "";

  @Option(
      names = "--checkpoint",
      paramLabel = "WHICH",
      description = "${COMPLETION-CANDIDATES} (best, where the task knows which that is).")
  private @Nullable Which checkpoint;

  @Option(names = "--json", description = "As JSON, with all that the model answers.")
  private boolean json;

  boolean json() {
    return json;
  }

  /** Waits for the answer. */
  JsonNode ask(String question, Map<String, ?> asked) {
    Map<String, Object> body = new LinkedHashMap<>(asked);
    if (checkpoint != null) {
      body.put("checkpoint", checkpoint.name());
    }
    // Only a hub that may launch has somebody who can ask a model.
    try (HubSession hub = HubSession.toLaunch(home)) {
      String path = "/api/v1/runs/" + HubClient.encode(run) + "/" + question;
      return hub.client().post(path, body, Duration.ofMinutes(5));
    }
  }

  /** Says which state of the model has answered. */
  static void sign(PrintWriter err, JsonNode answer, String more) {
    JsonNode used = answer.path("checkpoint");
    err.println("By " + used.path("path").asText() + ", saved at step " + used.path("step").asText() + more);
  }
}
