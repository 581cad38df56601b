package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trainyard runs}. */
@Command(name = "runs", description = "Lists runs, newest first.", mixinStandardHelpOptions = true)
final class RunsCommand implements Callable<Integer> {
  @Mixin private HomeOptions home = new HomeOptions();
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--experiment", paramLabel = "NAME", description = "Only of this experiment.")
  private @Nullable String experiment;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "Only in this state: queued, running, finished, failed, stopped, diverged.")
  private @Nullable String state;

  @Option(
      names = "--search",
      paramLabel = "TEXT",
      description = "Only those with this text in id, name, task, tags or params.")
  private @Nullable String search;

  @Option(names = "--limit", paramLabel = "N", defaultValue = "20", description = "At most so many (${DEFAULT-VALUE}).")
  private int limit;

  @Option(names = "--json", description = "As JSON, with everything.")
  private boolean json;

  @Override
  public Integer call() {
    try (HubSession hub = HubSession.toRead(home)) {
      StringBuilder query = new StringBuilder("/api/v1/runs?sort=created_at&order=desc&limit=" + limit);
      if (experiment != null) {
        query.append("&experiment=").append(Experiments.find(hub.client(), experiment).path("id").asText());
      }
      if (state != null) {
        query.append("&state=").append(HubClient.encode(state.toUpperCase(java.util.Locale.ROOT)));
      }
      if (search != null) {
        query.append("&search=").append(HubClient.encode(search));
      }
      JsonNode page = hub.client().get(query.toString());
      PrintWriter out = Cli.out(spec);
      if (json) {
        out.println(page);
        return ExitCode.OK;
      }
      if (page.path("runs").isEmpty()) {
        out.println("No runs. Start one with: trainyard run linreg");
        return ExitCode.OK;
      }
      List<List<String>> rows = new ArrayList<>();
      for (JsonNode run : page.path("runs")) {
        rows.add(
            List.of(
                run.path("id").asText().substring(0, 8),
                run.path("name").asText(),
                run.path("task").asText("-"),
                run.path("experiment").asText(),
                run.path("state").asText(),
                Output.time(run.path("created_at")),
                Output.duration(run),
                Output.number(run.path("metrics").path("train/loss").path("last"))));
      }
      Output.table(out, List.of("ID", "NAME", "TASK", "EXPERIMENT", "STATE", "CREATED", "TOOK", "TRAIN/LOSS"), rows);
      long total = page.path("total").asLong();
      if (total > rows.size()) {
        out.println(total - rows.size() + " more; see --limit, --search and --state.");
      }
      return ExitCode.OK;
    }
  }
}
