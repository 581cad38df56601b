package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code trainyard rerun RUN [--param value ...]}. */
@Command(
    name = "rerun",
    description =
        "Trains a run again: same task, params, seed and options, but for those given. 'trainyard replay' repeats it"
            + " exactly.",
    mixinStandardHelpOptions = true,
    customSynopsis = "trainyard rerun RUN [--PARAM VALUE]... [--seed N] [--device DEVICE] [--json]")
final class RerunCommand implements Callable<Integer> {
  @Mixin private HomeOptions home = new HomeOptions();
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Its id, or the first 6 digits or more of it.")
  private String run = "";

  @Option(names = "--seed", paramLabel = "N", description = "Another seed.")
  private @Nullable Long seed;

  @Mixin private RunOptionFlags options = new RunOptionFlags();

  @Option(names = "--json", description = "Print one JSON object on standard output: id, state, params, metrics.")
  private boolean json;

  @Unmatched private List<String> rest = new ArrayList<>();

  @Override
  public Integer call() {
    try (HubSession hub = HubSession.toLaunch(home)) {
      JsonNode old = hub.client().get("/api/v1/runs/" + HubClient.encode(run));
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("params", Flags.parse(rest, old.path("param_specs")));
      if (seed != null) {
        body.put("seed", seed);
      }
      options.into(body);
      JsonNode again = hub.client().post("/api/v1/runs/" + old.path("id").asText() + "/rerun", body);
      return RunCommand.follow(hub, again, spec, json);
    }
  }
}
