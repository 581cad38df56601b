package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.hub.Hub;
import io.trainyard.hub.HubConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trainyard demo}. */
@Command(
    name = "demo",
    description =
        "Starts the hub, trains every task in the experiment \"Demo\", and shows where to watch. Stays until Ctrl-C.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final String EXPERIMENT = "Demo";
  private static final int PORTS_TO_TRY = 100;

  @Mixin private HomeOptions home = new HomeOptions();
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Where to listen (${DEFAULT-VALUE}), or the next free port after it.")
  private int port;

  @Override
  public Integer call() throws InterruptedException {
    HubConfig config = Installation.config(home.home());
    Hub hub = HubStart.start(config.server(config.server().port(freePort(port)).slots(2)));
    AtomicBoolean leaving = new AtomicBoolean();
    Thread shutdown =
        new Thread(
            () -> {
              leaving.set(true);
              hub.close();
            },
            "shutdown");
    Runtime.getRuntime().addShutdownHook(shutdown);
    try {
      train(new HubClient(hub.url(), hub.token()), hub);
    } catch (CommandException e) {
      if (!leaving.get()) {
        throw e;
      }
      // Ctrl-C came while something was being asked: a hub that closes answers no more, and that is no fault.
    }
    Thread.currentThread().join();
    return ExitCode.OK;
  }

  private void train(HubClient client, Hub hub) throws InterruptedException {
    PrintWriter out = Cli.out(spec);
    out.println("Trainyard is up. Watch it live:");
    out.println("  " + hub.loginUrl());
    out.println();
    String experiment = Experiments.findOrCreate(client, EXPERIMENT);
    JsonNode tasks = client.get("/api/v1/tasks").path("tasks");
    List<String> ids = new ArrayList<>();
    for (JsonNode task : tasks) {
      String id = task.path("id").asText();
      if (!task.path("available").asBoolean(true)) {
        out.println(id + " is left out. " + task.path("reason").asText());
        out.println();
        continue;
      }
      for (Map<String, Object> params : Demos.of(id)) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("task", id);
        body.put("params", params);
        body.put("seed", 1);
        body.put("tags", Map.of("demo", "true"));
        ids.add(client.post("/api/v1/experiments/" + experiment + "/runs", body).path("id").asText());
      }
    }
    out.flush();
    boolean terminal = Terminal.there();
    Lines lines = new Lines(out, terminal);
    boolean active = true;
    while (active) {
      List<String> now = new ArrayList<>();
      active = false;
      for (String id : ids) {
        JsonNode run = client.get("/api/v1/runs/" + id);
        now.add(line(run));
        active |= run.path("state").asText().equals("QUEUED") || run.path("state").asText().equals("RUNNING");
      }
      lines.draw(now, !active);
      TimeUnit.MILLISECONDS.sleep(terminal ? 500 : 5_000);
    }
    out.println("\nAll runs have ended. The hub stays up until Ctrl-C. Try: trainyard run linreg --help");
    out.flush();
  }

  private static String line(JsonNode run) {
    JsonNode progress = run.path("progress");
    long steps = progress.path("steps").asLong();
    String far = steps > 0 ? String.format("%3d %%", 100 * progress.path("step").asLong() / steps) : "     ";
    return String.format(
        "%-16s %-9s %s  train/loss %-12s epoch/train_loss %-12s %s points",
        run.path("name").asText(),
        run.path("state").asText(),
        far,
        Output.number(run.path("metrics").path("train/loss").path("last")),
        Output.number(run.path("metrics").path("epoch/train_loss").path("last")),
        points(run));
  }

  private static String points(JsonNode run) {
    long points = 0;
    for (JsonNode metric : run.path("metrics")) {
      points += metric.path("count").asLong();
    }
    return String.format("%,d", points);
  }

  /** The port asked for, or the next one that nobody listens on. */
  private static int freePort(int from) {
    for (int candidate = from; candidate < from + PORTS_TO_TRY && candidate < 65536; candidate++) {
      try (ServerSocket probe = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
        return probe.getLocalPort();
      } catch (IOException taken) {
        continue;
      }
    }
    throw new CommandException(
        ExitCode.NO_HUB, "no port from " + from + " to " + (from + PORTS_TO_TRY - 1) + " is free; try --port");
  }

  /** Lines that are drawn over on a terminal, and printed anew on a pipe. */
  private static final class Lines {
    private final PrintWriter out;
    private final boolean terminal;
    private int drawn;

    Lines(PrintWriter out, boolean terminal) {
      this.out = out;
      this.terminal = terminal;
    }

    void draw(List<String> lines, boolean last) {
      if (terminal && drawn > 0) {
        out.print("\u001b[" + drawn + "A");
      }
      for (String line : lines) {
        out.println(terminal ? "\u001b[2K" + Terminal.CUT + line + Terminal.FOLD : line);
      }
      out.flush();
      drawn = last ? 0 : lines.size();
    }
  }
}
