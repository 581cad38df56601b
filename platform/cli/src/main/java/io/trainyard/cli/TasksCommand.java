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

/** {@code trainyard tasks}. */
@Command(name = "tasks", description = "Lists what can be trained.", mixinStandardHelpOptions = true)
final class TasksCommand implements Callable<Integer> {
  @Mixin private HomeOptions home = new HomeOptions();
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--json", description = "As JSON, with every param.")
  private boolean json;

  @Override
  public Integer call() {
    try (HubSession hub = HubSession.toRead(home)) {
      JsonNode tasks = hub.client().get("/api/v1/tasks");
      PrintWriter out = Cli.out(spec);
      if (json) {
        out.println(tasks);
        return ExitCode.OK;
      }
      List<List<String>> rows = new ArrayList<>();
      for (JsonNode task : tasks.path("tasks")) {
        rows.add(
            List.of(
                task.path("id").asText(),
                task.path("title").asText(),
                task.path("plugin").path("file").asText(),
                task.path("available").asBoolean(true) ? "" : "not available: " + task.path("reason").asText()));
      }
      Output.table(out, List.of("TASK", "WHAT", "PLUGIN", ""), rows);
      out.println("Its params: trainyard run TASK --help");
      return ExitCode.OK;
    }
  }
}
