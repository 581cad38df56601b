package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trainyard resume RUN}. */
@Command(
    name = "resume",
    description =
        "Goes on with a run that was stopped, or has failed, from its checkpoint, and waits for its end. On the CPU it"
            + " ends with the same bits as if it had never been interrupted.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Checkpoints are saved every 30 s, at a stop and at the end ('trainyard run --checkpoint-every' chooses",
      "otherwise), by tasks that offer it. 'trainyard artifacts RUN' lists them.",
      "Example: trainyard stop 4be1f0 && trainyard resume 4be1f0"
    })
final class ResumeCommand implements Callable<Integer> {
  enum From {
    last,
    best
  }

  @Mixin private HomeOptions home = new HomeOptions();
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Its id, or the first 6 digits or more of it.")
  private String run = "";

  @Option(
      names = "--from",
      paramLabel = "WHICH",
      description = "Which checkpoint: ${COMPLETION-CANDIDATES} (last, where there is one).")
  private @Nullable From which;

  @Option(names = "--json", description = "Print one JSON object on standard output: id, state, params, metrics.")
  private boolean json;

  @Override
  public Integer call() {
    try (HubSession hub = HubSession.toLaunch(home)) {
      Map<String, Object> body = new LinkedHashMap<>();
      if (which != null) {
        body.put("from", which.name());
      }
      JsonNode resumed = hub.client().post("/api/v1/runs/" + HubClient.encode(run) + "/resume", body);
      String from = resumed.path("resume_from").asText();
      Cli.err(spec).println("Resuming " + resumed.path("name").asText() + " from " + from);
      return RunCommand.follow(hub, resumed, spec, json);
    }
  }
}
