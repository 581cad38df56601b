package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Follows a run by asking for it five times a second. */
final class RunWatch {
  private static final long EVERY_MS = 200;

  private RunWatch() {}

  /** Calls back with each state that it sees, and answers the last one: ended, and all its points arrived. */
  static JsonNode untilEnd(HubClient client, String id, Consumer<JsonNode> each) {
    while (true) {
      JsonNode run = client.get("/api/v1/runs/" + id);
      each.accept(run);
      if (ended(run)) {
        return run;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(EVERY_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandException(ExitCode.FAILED, "interrupted; the run goes on");
      }
    }
  }

  private static boolean ended(JsonNode run) {
    String state = run.path("state").asText();
    return !state.equals("QUEUED") && !state.equals("RUNNING") && !run.path("draining").asBoolean();
  }

  /** What the command's exit status is when the run has ended so. */
  static int exitCode(JsonNode run) {
    return switch (run.path("state").asText()) {
      case "FINISHED" -> ExitCode.OK;
      case "STOPPED" -> ExitCode.STOPPED;
      default -> ExitCode.FAILED;
    };
  }
}
