package io.trainyard.tests.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trainyard.tests.benchmarks.plugin.PhasedRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What tracking every step costs a training: linear regression in TensorFlow in a real runner, with the hub on the same
 * cores, tracked and not tracked by turns. Afterwards every point is read back from the hub.
 */
final class TrackingCost {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
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
      int port = Program.freePort();
      List<String> command =
          Program.java(
              "-jar",
              Program.dist().resolve("trainyard.jar").toString(),
              "up",
              "--home",
              home.toString(),
              "--port",
              Integer.toString(port));
      try (Program hub = Program.start(command, port, scratch.path().resolve("output"))) {
        URI base = URI.create("http://127.0.0.1:" + port);
        String token = Files.readString(home.resolve("token")).strip();
        JsonNode run = finished(base, launch(base, token, number));
        return report(number, run, stored(base, run.get("id").asText()));
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

  private static String launch(URI base, String token, int seed) throws IOException, InterruptedException {
    Map<String, Object> body =
        Map.of(
            "task", "tracked-linreg",
            "seed", seed,
            "params", Map.of("examples", 10_000, "epochs", 1_000_000, "phase_seconds", PHASE_SECONDS, "pairs", PAIRS));
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve("/api/v1/experiments/0/runs"))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
            .build();
    HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 201) {
      throw new IOException("the launch was refused: " + response.statusCode() + " " + response.body());
    }
    return JSON.readTree(response.body()).get("id").asText();
  }

  private static JsonNode finished(URI base, String id) throws IOException, InterruptedException {
    while (true) {
      JsonNode run = JSON.readTree(get(base, "/api/v1/runs/" + id).body());
      String state = run.get("state").asText();
      if (state.equals("FINISHED") && !run.path("draining").asBoolean()) {
        return run;
      }
      if (!state.equals("QUEUED") && !state.equals("RUNNING") && !state.equals("FINISHED")) {
        throw new IOException("the run ended as " + run);
      }
      Thread.sleep(1000);
    }
  }

  /** Count and sum of all that the hub has. */
  private static long[] stored(URI base, String id) throws IOException, InterruptedException {
    long count = 0;
    long sum = 0;
    HttpResponse<InputStream> response = get(base, "/api/v1/runs/" + id + "/export?format=csv");
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

  private static HttpResponse<InputStream> get(URI base, String path) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        HTTP.send(HttpRequest.newBuilder(base.resolve(path)).build(), HttpResponse.BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new IOException(path + " answers " + response.statusCode());
    }
    return response;
  }
}
