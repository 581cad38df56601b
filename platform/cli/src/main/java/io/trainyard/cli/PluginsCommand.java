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

/** {@code trainyard plugins}. */
@Command(
    name = "plugins",
    description = "Lists the plugin JARs, and why one was rejected.",
    mixinStandardHelpOptions = true)
final class PluginsCommand implements Callable<Integer> {
  @Mixin private HomeOptions home = new HomeOptions();
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--json", description = "As JSON, with everything.")
  private boolean json;

  @Override
  public Integer call() {
    try (HubSession hub = HubSession.toRead(home)) {
      JsonNode plugins = hub.client().get("/api/v1/plugins");
      PrintWriter out = Cli.out(spec);
      if (json) {
        out.println(plugins);
        return ExitCode.OK;
      }
      List<List<String>> rows = new ArrayList<>();
      for (JsonNode plugin : plugins.path("plugins")) {
        List<String> tasks = new ArrayList<>();
        plugin.path("tasks").forEach(task -> tasks.add(task.asText()));
        String sha = plugin.path("sha256").asText("-");
        rows.add(
            List.of(
                plugin.path("file").asText(),
                plugin.path("state").asText(),
                plugin.path("version").asText("-"),
                sha.length() > 12 ? sha.substring(0, 12) : sha,
                plugin.path("reason").isTextual() ? plugin.path("reason").asText() : String.join(", ", tasks)));
      }
      Output.table(out, List.of("FILE", "STATE", "VERSION", "SHA-256", "TASKS, OR REASON"), rows);
      return ExitCode.OK;
    }
  }
}
