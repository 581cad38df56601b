package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.core.run.Nearest;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code trainyard run TASK --param value ...}. */
@Command(
    name = "run",
    description =
        "Trains a task and waits for its end. Uses the hub that is up, or starts one for as long as the run takes.",
    customSynopsis =
        "trainyard run TASK [--PARAM VALUE]... [--experiment NAME] [--seed N] [--data FOLDER] [--device DEVICE]"
            + " [--checkpoint-every TIME] [--json]",
    footer = {
      "",
      "The params of a task: trainyard run TASK --help",
      "A run that was stopped goes on with 'trainyard resume'; 'trainyard replay' trains it again and compares.",
      "Example: trainyard run linreg --learning-rate 0.1 --epochs 10 --seed 7"
    })
final class RunCommand implements Callable<Integer> {
  @Mixin private HomeOptions home = new HomeOptions();
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "TASK", arity = "0..1", description = "What to train; see 'trainyard tasks'.")
  private @Nullable String task;

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      defaultValue = "Default",
      description = "Where it belongs (${DEFAULT-VALUE}); created when it is not there.")
  private String experiment = "Default";

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What all its random choices come from; a random one if left out.")
  private @Nullable Long seed;

  @Option(names = "--data", paramLabel = "FOLDER", description = "Where its data sets lie.")
  private @Nullable Path data;

  @Option(names = "--name", paramLabel = "NAME", description = "What the run is called.")
  private @Nullable String name;

  @Option(names = "--tag", paramLabel = "KEY=VALUE", description = "A label; may be given several times.")
  private Map<String, String> tags = new LinkedHashMap<>();

  @Mixin private RunOptionFlags options = new RunOptionFlags();

  @Option(names = "--json", description = "Print one JSON object on standard output: id, state, params, metrics.")
  private boolean json;

  @Option(names = {"-h", "--help"}, description = "Show this help; with TASK, the task's params too.")
  private boolean help;

  @Unmatched private List<String> rest = new ArrayList<>();

  @Override
  public Integer call() {
    if (task == null) {
      if (help) {
        Cli.out(spec).println(spec == null ? "" : spec.commandLine().getUsageMessage());
        return ExitCode.OK;
      }
      throw new CommandException(ExitCode.BAD_INPUT, "which task? See 'trainyard tasks'.");
    }
    try (HubSession hub = HubSession.toLaunch(home)) {
      JsonNode found = find(hub.client(), task);
      if (help) {
        PrintWriter out = Cli.out(spec);
        out.println(spec == null ? "" : spec.commandLine().getUsageMessage());
        String description = found.path("description").asText();
        out.println(found.path("title").asText() + " (" + task + "). " + description + "\n\nParams:");
        Flags.help(found.path("params")).forEach(out::println);
        return ExitCode.OK;
      }
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("task", task);
      body.put("params", Flags.parse(rest, found.path("params")));
      if (seed != null) {
        body.put("seed", seed);
      }
      if (name != null) {
        body.put("name", name);
      }
      if (data != null) {
        body.put("data", data.toAbsolutePath().normalize().toString());
      }
      if (!tags.isEmpty()) {
        body.put("tags", tags);
      }
      options.into(body);
      Map<String, Object> source = Checkout.here();
      if (!source.isEmpty()) {
        body.put("source", source);
      }
      String id = Experiments.findOrCreate(hub.client(), experiment);
      JsonNode run = hub.client().post("/api/v1/experiments/" + id + "/runs", body);
      return follow(hub, run, spec, json);
    }
  }

  private static JsonNode find(HubClient client, String task) {
    List<String> ids = new ArrayList<>();
    for (JsonNode one : client.get("/api/v1/tasks").path("tasks")) {
      if (one.path("id").asText().equals(task)) {
        return one;
      }
      ids.add(one.path("id").asText());
    }
    throw new CommandException(
        ExitCode.BAD_INPUT, "\"" + task + "\" " + Nearest.unknown(task, ids, "task") + " See 'trainyard tasks'.");
  }

  /** Shows a launched run until it has ended, then its summary. */
  static int follow(HubSession hub, JsonNode launched, @Nullable CommandSpec spec, boolean json) {
    JsonNode run = watch(hub, launched, spec, each -> {});
    String id = run.path("id").asText();
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("id", id);
      object.put("state", run.path("state").asText());
      object.put("params", run.path("params"));
      Map<String, Object> metrics = new LinkedHashMap<>();
      run.path("metrics").fields().forEachRemaining(
          metric -> {
            Map<String, Object> summary = new LinkedHashMap<>();
            for (String key : List.of("last", "min", "max", "count")) {
              summary.put(key, metric.getValue().path(key));
            }
            metrics.put(metric.getKey(), summary);
          });
      object.put("metrics", metrics);
      Cli.out(spec).println(HubClient.JSON.valueToTree(object).toString());
    } else {
      summary(Cli.out(spec), run);
    }
    return RunWatch.exitCode(run);
  }

  /** Shows a launched run until it has ended; Ctrl-C stops it where its hub lives in this process. */
  static JsonNode watch(HubSession hub, JsonNode launched, @Nullable CommandSpec spec, Consumer<JsonNode> each) {
    String id = launched.path("id").asText();
    PrintWriter err = Cli.err(spec);
    ProgressBar bar = new ProgressBar(err, Terminal.there());
    if (!hub.own()) {
      err.println("The run goes on when this command ends: trainyard stop " + id.substring(0, 8) + " stops it. "
          + hub.client().base().resolve("/runs/" + id));
    }
    Thread stopper = new Thread(() -> RunCommand.stopQuietly(hub, id), "stop");
    if (hub.own()) {
      Runtime.getRuntime().addShutdownHook(stopper);
    }
    JsonNode run = RunWatch.untilEnd(hub.client(), id, each.andThen(bar::draw));
    bar.clear();
    if (hub.own()) {
      try {
        Runtime.getRuntime().removeShutdownHook(stopper);
      } catch (IllegalStateException shuttingDown) {
        // Whoever pressed Ctrl-C waits for the end of the process, not for what would be printed.
        return run;
      }
    }
    return run;
  }

  /** Ctrl-C: a run whose hub lives in this process is stopped, and its end stored, before the process goes. */
  private static void stopQuietly(HubSession hub, String id) {
    try {
      hub.client().post("/api/v1/runs/" + id + "/stop", Map.of());
      RunWatch.untilEnd(hub.client(), id, run -> {});
    } catch (CommandException ended) {
      return;
    } finally {
      hub.close();
    }
  }

  private static void summary(PrintWriter out, JsonNode run) {
    out.println(run.path("name").asText() + "  " + run.path("state").asText() + " in " + Output.duration(run)
        + "  (" + run.path("id").asText() + ")");
    if (run.path("reason").isTextual()) {
      out.println("  " + run.path("reason").asText().replace("\n", "\n  "));
    }
    List<List<String>> rows = new ArrayList<>();
    run.path("metrics").fields().forEachRemaining(
        metric -> rows.add(
            List.of(
                metric.getKey(),
                Output.number(metric.getValue().path("last")),
                Output.number(metric.getValue().path("min")),
                Output.number(metric.getValue().path("max")),
                metric.getValue().path("count").asText())));
    Output.table(out, List.of("METRIC", "LAST", "MIN", "MAX", "POINTS"), rows);
    if (run.path("provenance").path("device.fallback").isTextual()) {
      out.println("on the CPU: " + run.path("provenance").path("device.fallback").asText());
    }
    BandLines.of(run).forEach(out::println);
    if (run.path("resumable").asBoolean()) {
      out.println("It can go on: trainyard resume " + run.path("id").asText().substring(0, 8));
    }
  }
}
