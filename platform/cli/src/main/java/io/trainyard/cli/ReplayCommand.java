package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.cli.CurveComparison.Difference;
import io.trainyard.cli.CurveComparison.Outcome;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trainyard replay RUN}. */
@Command(
    name = "replay",
    description =
        "Trains a run again from its record (the same JAR by its SHA-256, params, seed, data and options) and compares"
            + " the curves of both bit by bit.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {" 0:bit-identical", " 1:the replay failed, or the command did", " 8:something differs"},
    footer = {
      "",
      "Metrics that depend on the clock (examples a second, say) are not compared. What was recorded of the two runs'",
      "surroundings and is not the same (JAR, data, JDK, CPU, native) is listed: there lies the cause of a difference.",
      "Of a run that ended early, what it had logged is compared, and the replay is stopped when it has come so far.",
      "Example: trainyard replay 4be1f0"
    })
final class ReplayCommand implements Callable<Integer> {
  private static final int NAME_LENGTH = 250;
  private static final int SHOWN = 300;

  /** Of the command that launched, of the process, or of what came out: no training depends on them. */
  private static final Set<String> NO_CAUSE =
      Set.of("pid", "git_commit", "git_diff", "git_dirty", "checkpoint.best");

  @Mixin private HomeOptions home = new HomeOptions();
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Its id, or the first 6 digits or more of it.")
  private String run = "";

  @Option(names = "--json", description = "Print one JSON object on standard output.")
  private boolean json;

  /** A fact of the provenance that is not the same; null where one run lacks it. */
  private record Changed(String key, @Nullable String one, @Nullable String other) {}

  @Override
  public Integer call() {
    try (HubSession hub = HubSession.toLaunch(home)) {
      JsonNode original = hub.client().get("/api/v1/runs/" + HubClient.encode(run));
      check(original);
      JsonNode replay = replay(hub, original);
      String state = replay.path("state").asText();
      if (state.equals("FAILED") && !original.path("state").asText().equals("FAILED")) {
        Cli.err(spec).println("trainyard: the replay failed: " + replay.path("reason").asText());
        return ExitCode.FAILED;
      }
      boolean whole = original.path("state").asText().equals("FINISHED");
      if (whole && state.equals("STOPPED")) {
        Cli.err(spec).println("trainyard: the replay was stopped; nothing is compared");
        return ExitCode.STOPPED;
      }
      Set<String> timed = new TreeSet<>();
      original.path("timed").forEach(name -> timed.add(name.asText()));
      String replayed = replay.path("id").asText();
      Outcome outcome =
          new CurveComparison(hub.client(), original.path("id").asText(), replayed, whole).compare(timed);
      List<Changed> changed = changed(original.path("provenance"), replay.path("provenance"));
      if (json) {
        Cli.out(spec).println(HubClient.JSON.valueToTree(object(original, replay, outcome, changed)).toString());
      } else {
        print(Cli.out(spec), outcome, changed);
      }
      return outcome.first() == null ? ExitCode.OK : ExitCode.DIFFERENT;
    }
  }

  private static void check(JsonNode original) {
    String name = original.path("name").asText();
    if (original.path("task").isNull()) {
      throw new CommandException(ExitCode.BAD_INPUT, name + " was logged by its client; only that can train it again");
    }
    String state = original.path("state").asText();
    if (state.equals("QUEUED") || state.equals("RUNNING") || original.path("draining").asBoolean()) {
      throw new CommandException(
          ExitCode.BAD_INPUT, name + " has not ended: it is " + state + ". Replay it when it has.");
    }
    if (original.path("metrics").isEmpty()) {
      throw new CommandException(
          ExitCode.BAD_INPUT, name + " has logged nothing that a replay could be compared with");
    }
    if (original.path("lost_points").asLong() > 0) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          original.path("lost_points").asText() + " points of " + name
              + " were lost, so a replay cannot be compared with it");
    }
  }

  /** Queues it, and waits; one that is to go only so far is stopped there. */
  private JsonNode replay(HubSession hub, JsonNode original) {
    String id = original.path("id").asText();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("same_plugin", true);
    String name = original.path("name").asText() + " (replay)";
    body.put("name", name.substring(0, Math.min(NAME_LENGTH, name.length())));
    JsonNode queued = hub.client().post("/api/v1/runs/" + id + "/rerun", body);
    boolean whole = original.path("state").asText().equals("FINISHED");
    long last = Long.MIN_VALUE;
    for (JsonNode metric : original.path("metrics")) {
      last = Math.max(last, metric.path("last_step").asLong());
    }
    long end = last;
    AtomicBoolean stopped = new AtomicBoolean(whole);
    return RunCommand.watch(
        hub,
        queued,
        spec,
        now -> {
          boolean running = now.path("state").asText().equals("RUNNING");
          boolean far = now.path("progress").path("step").asLong() > end;
          if (running && far && stopped.compareAndSet(false, true)) {
            stop(hub.client(), now.path("id").asText());
          }
        });
  }

  private static void stop(HubClient client, String id) {
    try {
      client.post("/api/v1/runs/" + id + "/stop", Map.of());
    } catch (CommandException e) {
      if (e.exitCode() != ExitCode.BAD_INPUT) {
        throw e;
      }
      // It has just ended by itself.
    }
  }

  private static List<Changed> changed(JsonNode one, JsonNode other) {
    Set<String> keys = new TreeSet<>();
    one.fieldNames().forEachRemaining(keys::add);
    other.fieldNames().forEachRemaining(keys::add);
    keys.removeAll(NO_CAUSE);
    List<Changed> changed = new ArrayList<>();
    for (String key : keys) {
      String before = one.path(key).isTextual() ? one.path(key).asText() : null;
      String after = other.path(key).isTextual() ? other.path(key).asText() : null;
      if (before == null ? after != null : !before.equals(after)) {
        changed.add(new Changed(key, before, after));
      }
    }
    return changed;
  }

  private static void print(PrintWriter out, Outcome outcome, List<Changed> changed) {
    Difference first = outcome.first();
    if (first == null) {
      out.printf(
          Locale.ROOT,
          "bit-identical over %,d steps (%d series, %,d points)%n",
          outcome.steps(),
          outcome.series(),
          outcome.points());
    } else {
      out.printf("different: first at step %d, in %s%n", first.step(), first.metric());
      out.println("  run     " + shown(first.one()));
      out.println("  replay  " + shown(first.other()));
      out.printf(
          "%d of %d series differ: %s%n",
          outcome.differing().size(), outcome.series(), String.join(", ", outcome.differing()));
    }
    if (changed.isEmpty() && first != null) {
      out.println("Nothing that was recorded of their surroundings differs.");
    } else if (!changed.isEmpty()) {
      out.println("What was recorded and is not the same:");
      for (Changed entry : changed) {
        out.println("  " + entry.key);
        out.println("    run     " + shown(entry.one));
        out.println("    replay  " + shown(entry.other));
      }
    }
  }

  private static String shown(@Nullable String value) {
    String text = value == null ? "(none)" : value.replace("\n", " ");
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }

  private static Map<String, Object> object(
      JsonNode original, JsonNode replay, Outcome outcome, List<Changed> changed) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("run", original.path("id").asText());
    object.put("replay", replay.path("id").asText());
    object.put("identical", outcome.first() == null);
    object.put("steps", outcome.steps());
    object.put("series", outcome.series());
    object.put("points", outcome.points());
    Difference first = outcome.first();
    Map<String, Object> where = new LinkedHashMap<>();
    if (first != null) {
      where.put("metric", first.metric());
      where.put("step", first.step());
      where.put("run", first.one());
      where.put("replay", first.other());
    }
    object.put("first", first == null ? null : where);
    object.put("differing", outcome.differing());
    List<Object> entries = new ArrayList<>();
    for (Changed entry : changed) {
      Map<String, Object> fact = new LinkedHashMap<>();
      fact.put("key", entry.key);
      fact.put("run", entry.one);
      fact.put("replay", entry.other);
      entries.add(fact);
    }
    object.put("changed", entries);
    return object;
  }
}
