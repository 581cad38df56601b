package io.trainyard.tests.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.tests.benchmarks.plugin.PhasedRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What tracking every step costs a training: linear regression in TensorFlow in a real runner, with the hub on the same
 * cores, tracked and not tracked by turns. Afterwards every point is read back from the hub.
 */
final class TrackingCost {
  private static final int PAIRS = 8;
  private static final int PHASE_SECONDS = 5;

  private TrackingCost() {}

  static void run(Main.Options options) throws Exception {
    double[] costs = new double[options.repeat()];
    Figures.head("try", "steps/s untracked", "steps/s tracked", "cost", "points stored", "checked");
    for (int i = 0; i < options.repeat(); i++) {
      costs[i] = once(i + 1);
    }
    Figures.row("**median**", "", "", Figures.format("**%.2f %%**", Figures.median(costs)), "", "");
    System.out.println(
        Figures.format(
            "Each try: one run, %d phases of each kind of %d s, in the order ABBA; the cost is the median phases'."
                + " Two series a step, 100 steps in one call of TensorFlow: its fastest loop, so the worst case.",
            PAIRS,
            PHASE_SECONDS));
  }

  private static double once(int number) throws Exception {
    try (Scratch scratch = new Scratch("tracking")) {
      Path home = scratch.path().resolve("home");
      PluginJar.tracked(home.resolve("plugins").resolve("tracked-linreg.jar"));
      try (LocalHub hub = LocalHub.start(scratch.path())) {
        Map<String, Object> params =
            Map.of("examples", 10_000, "epochs", 1_000_000, "phase_seconds", PHASE_SECONDS, "pairs", PAIRS);
        JsonNode run = hub.finished(hub.launch(Map.of("task", "tracked-linreg", "seed", number, "params", params)));
        return report(number, run, stored(hub, run.get("id").asText()));
      }
    }
  }

  private static double report(int number, JsonNode run, long[] stored) {
    String[] logged = run.get("provenance").get("logged").asText().split(":");
    List<Double> tracked = new ArrayList<>();
    List<Double> untracked = new ArrayList<>();
    for (String phase : run.get("provenance").get("phases").asText().strip().split(" ")) {
      String[] parts = phase.split(":");
      double rate = Long.parseLong(parts[1]) / (Long.parseLong(parts[2]) / 1e9);
      (parts[0].equals("1") ? tracked : untracked).add(rate);
    }
    double with = median(tracked);
    double without = median(untracked);
    boolean same = stored[0] == Long.parseLong(logged[0]) && stored[1] == Long.parseLong(logged[1]);
    Figures.row(
        Integer.toString(number),
        Figures.format("%.0f", without),
        Figures.format("%.0f", with),
        Figures.format("%.2f %%", 100 * (without / with - 1)),
        Figures.format("%.1f M", stored[0] / 1e6),
        same ? "every one" : "DIFFERENT: " + stored[0] + " points instead of " + logged[0]);
    if (!same) {
      throw new AssertionError("what is stored is not what was logged");
    }
    return 100 * (without / with - 1);
  }

  private static double median(List<Double> values) {
    return Figures.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** Count and sum of all that the hub has. */
  private static long[] stored(LocalHub hub, String id) throws IOException, InterruptedException {
    long count = 0;
    long sum = 0;
    HttpResponse<InputStream> response = hub.get("/api/v1/runs/" + id + "/export?format=csv");
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      lines.readLine();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int value = line.lastIndexOf(',');
        int time = line.lastIndexOf(',', value - 1);
        int step = line.lastIndexOf(',', time - 1);
        count++;
        long at = Long.parseLong(line.substring(step + 1, time));
        sum += PhasedRun.mix(at, Double.parseDouble(line.substring(value + 1)));
      }
    }
    return new long[] {count, sum};
  }
}
