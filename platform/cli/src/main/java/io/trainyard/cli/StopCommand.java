package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trainyard stop RUN}. */
@Command(
    name = "stop",
    description = "Stops a run: it ends after its block of steps; after 10 s it is killed.",
    mixinStandardHelpOptions = true)
final class StopCommand implements Callable<Integer> {
  @Mixin private HomeOptions home = new HomeOptions();
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Its id, or the first 6 digits or more of it.")
  private String run = "";

  @Option(names = "--force", description = "Kill it at once.")
  private boolean force;

  @Override
  public Integer call() {
    try (HubSession hub = HubSession.toRead(home)) {
      if (hub.own()) {
        JsonNode asked = hub.client().get("/api/v1/runs/" + HubClient.encode(run));
        String state = asked.path("state").asText();
        if (state.equals("QUEUED") || state.equals("RUNNING")) {
          throw new CommandException(
              ExitCode.NO_HUB,
              "no hub is up for " + home.home().root() + ", and only a hub can stop " + asked.path("name").asText()
                  + ". Start one with 'trainyard up'; it takes the run over. Then stop it.");
        }
      }
      JsonNode stopped = hub.client().post("/api/v1/runs/" + HubClient.encode(run) + "/stop", Map.of("force", force));
      String id = stopped.path("id").asText();
      JsonNode now = RunWatch.untilEnd(hub.client(), id, state -> {});
      Cli.out(spec).println(now.path("name").asText() + "  " + now.path("state").asText());
      return ExitCode.OK;
    }
  }
}
