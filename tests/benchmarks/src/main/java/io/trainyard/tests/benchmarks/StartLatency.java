package io.trainyard.tests.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * From the request to launch softmax regression to its first point, with a runner that waits for work and without one.
 */
final class StartLatency {
  private static final int POLL_MS = 4;

  private StartLatency() {}

  static void run(Main.Options options) throws Exception {
    Path data = FashionMnistFolder.find();
    List<Start> warm = new ArrayList<>();
    List<Start> cold = new ArrayList<>();
    try (Scratch scratch = new Scratch("start");
        LocalHub hub = LocalHub.start(scratch.path())) {
      // What is read for the first time comes from the disk; that is not measured.
      once(hub, data, true);
      Figures.head("runner", "try", "request answered", "first step done", "its point stored and readable");
      for (int i = 1; i <= options.repeat(); i++) {
        warm.add(row("waits", i, once(hub, data, true)));
        cold.add(row("none", i, once(hub, data, false)));
      }
    }
    median("waits", warm, " (goal < 1500 ms)");
    median("none", cold, "");
    System.out.println(
        "From the sending of POST /runs. A step is done at the time its point carries; it is stored when GET /points,"
            + " asked every " + POLL_MS + " ms, has it. Without a runner: the one that waited was killed just before.");
  }

  /** Milliseconds from the request. */
  private record Start(double answered, double step, double stored) {}

  private static Start once(LocalHub hub, Path data, boolean warm) throws Exception {
    ProcessHandle runner = hub.awaitWarmRunner();
    if (!warm) {
      runner.destroyForcibly();
      runner.onExit().get();
    }
    Map<String, Object> body =
        Map.of("task", "softmax", "seed", 1, "params", Map.of("epochs", 1), "data", data.toString());
    long wall = System.currentTimeMillis();
    long begun = System.nanoTime();
    String id = hub.launch(body);
    double answered = (System.nanoTime() - begun) / 1e6;
    JsonNode times = times(hub, id);
    while (times.isEmpty()) {
      Thread.sleep(POLL_MS);
      times = times(hub, id);
    }
    double stored = (System.nanoTime() - begun) / 1e6;
    hub.finished(id);
    return new Start(answered, times.get(0).asLong() - wall, stored);
  }

  private static JsonNode times(LocalHub hub, String id) throws Exception {
    JsonNode series = hub.read("/api/v1/runs/" + id + "/points?name=train/loss&from=1&to=1").get("series").get(0);
    return series.path("times");
  }

  private static Start row(String runner, int number, Start start) {
    Figures.row(runner, Integer.toString(number), ms(start.answered), ms(start.step), ms(start.stored));
    return start;
  }

  private static void median(String runner, List<Start> starts, String goal) {
    Figures.row(
        runner,
        "**median**",
        ms(Figures.median(starts.stream().mapToDouble(Start::answered).toArray())),
        ms(Figures.median(starts.stream().mapToDouble(Start::step).toArray())),
        "**" + ms(Figures.median(starts.stream().mapToDouble(Start::stored).toArray())) + "**" + goal);
  }

  private static String ms(double millis) {
    return Figures.format("%.0f ms", millis);
  }
}
