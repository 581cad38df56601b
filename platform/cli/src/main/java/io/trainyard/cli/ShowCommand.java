package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trainyard show RUN}. */
@Command(
    name = "show",
    description = "Shows a run: state, params, metrics, reference bands, artifacts, provenance, the end of its log.",
    mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {
  @Mixin private HomeOptions home = new HomeOptions();
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Its id, or the first 6 digits or more of it.")
  private String run = "";

  @Option(names = "--json", description = "As JSON, with everything.")
  private boolean json;

  @Option(
      names = "--log",
      paramLabel = "LINES",
      defaultValue = "10",
      description = "So many lines of its log (${DEFAULT-VALUE}).")
  private int lines;

  @Override
  public Integer call() {
    try (HubSession hub = HubSession.toRead(home)) {
      JsonNode whole = hub.client().get("/api/v1/runs/" + HubClient.encode(run));
      PrintWriter out = Cli.out(spec);
      if (json) {
        out.println(whole);
        return ExitCode.OK;
      }
      out.println(whole.path("name").asText() + "  " + whole.path("state").asText()
          + (whole.path("draining").asBoolean() ? " (points are still arriving)" : ""));
      if (whole.path("reason").isTextual()) {
        out.println("  " + whole.path("reason").asText().replace("\n", "\n  "));
      }
      if (whole.path("lost_points").asLong() > 0) {
        out.println("  " + whole.path("lost_points").asLong() + " points were lost: its spool could not hold them.");
      }
      List<List<String>> facts = new ArrayList<>();
      facts.add(List.of("id", whole.path("id").asText()));
      facts.add(List.of("experiment", whole.path("experiment").asText()));
      facts.add(List.of("task", whole.path("task").asText("-")));
      facts.add(List.of("seed", whole.path("seed").asText()));
      facts.add(List.of("created", Output.time(whole.path("created_at"))));
      facts.add(List.of("took", Output.duration(whole)));
      facts.add(List.of("attempt", whole.path("attempt").asText()));
      whole.path("options").fields().forEachRemaining(
          option -> facts.add(List.of(option.getKey(), option.getValue().asText())));
      if (whole.path("resume_from").isTextual()) {
        facts.add(List.of("resumed from", whole.path("resume_from").asText()));
      }
      section(out, "Run", facts);
      if (whole.path("resumable").asBoolean()) {
        out.println("  It can go on: trainyard resume " + whole.path("id").asText().substring(0, 8));
      }
      section(out, "Params", fields(whole.path("params")));
      List<List<String>> metrics = new ArrayList<>();
      whole.path("metrics").fields().forEachRemaining(
          metric -> metrics.add(
              List.of(
                  metric.getKey(),
                  Output.number(metric.getValue().path("last")),
                  Output.number(metric.getValue().path("min")),
                  Output.number(metric.getValue().path("max")),
                  metric.getValue().path("count").asText())));
      out.println();
      Output.table(out, List.of("METRIC", "LAST", "MIN", "MAX", "POINTS"), metrics);
      List<String> bands = BandLines.of(whole);
      if (!bands.isEmpty()) {
        out.println();
        bands.forEach(out::println);
      }
      artifacts(out, hub.client(), whole);
      section(out, "Provenance", fields(whole.path("provenance")));
      if (lines > 0) {
        JsonNode log = hub.client().get("/api/v1/runs/" + whole.path("id").asText() + "/log?from=-16384&limit=16384");
        String[] tail = log.path("text").asText().stripTrailing().split("\n");
        out.println("\nLog");
        for (int i = Math.max(0, tail.length - lines); i < tail.length; i++) {
          out.println("  " + tail[i]);
        }
      }
      return ExitCode.OK;
    }
  }

  private static void artifacts(PrintWriter out, HubClient client, JsonNode whole) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode artifact : client.get("/api/v1/runs/" + whole.path("id").asText() + "/artifacts").path("artifacts")) {
      String role = artifact.path("role").isTextual() ? ", the " + artifact.path("role").asText() + " checkpoint" : "";
      String size = String.format(Locale.ROOT, "%,d bytes", artifact.path("size").asLong());
      rows.add(List.of(artifact.path("path").asText(), size + " at step " + artifact.path("step").asText() + role));
    }
    if (!rows.isEmpty()) {
      section(out, "Artifacts", rows);
    }
  }

  private static List<List<String>> fields(JsonNode object) {
    List<List<String>> rows = new ArrayList<>();
    object.fields().forEachRemaining(
        field -> {
          String text = Output.param(field.getValue());
          String shown = text.length() > 160 ? text.substring(0, 160) + "…" : text;
          rows.add(List.of(field.getKey(), shown.replace("\n", " ")));
        });
    return rows;
  }

  private static void section(PrintWriter out, String title, List<List<String>> rows) {
    out.println();
    out.println(title);
    int width = rows.stream().mapToInt(row -> row.get(0).length()).max().orElse(0);
    for (List<String> row : rows) {
      out.println("  " + row.get(0) + " ".repeat(width - row.get(0).length() + 2) + row.get(1));
    }
  }
}
