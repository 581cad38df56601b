package io.trainyard.tests.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A hub in a process of its own, as it is shipped, and what is asked of it over HTTP. One thread. */
final class LocalHub implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String RUNNER = "io.trainyard.runner.RunnerMain";

  private final Program program;
  private final URI base;
  private final String token;

  private LocalHub(Program program, URI base, String token) {
    this.program = program;
    this.base = base;
    this.token = token;
  }

  /** Starts it, with its home and its output in this folder. */
  static LocalHub start(Path folder) throws Exception {
    Path home = folder.resolve("home");
    int port = Program.freePort();
    Program program =
        Program.start(
            Program.java(
                "-jar",
                Program.dist().resolve("trainyard.jar").toString(),
                "up",
                "--home",
                home.toString(),
                "--port",
                Integer.toString(port)),
            port,
            folder.resolve("output"));
    String token = Files.readString(home.resolve("token")).strip();
    return new LocalHub(program, URI.create("http://127.0.0.1:" + port), token);
  }

  /** Queues a run of the default experiment; answers its id. */
  String launch(Map<String, Object> body) throws IOException, InterruptedException {
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

  /** Waits until the run has finished and all of it is stored. */
  JsonNode finished(String id) throws IOException, InterruptedException {
    while (true) {
      JsonNode run = read("/api/v1/runs/" + id);
      String state = run.get("state").asText();
      if (state.equals("FINISHED") && !run.path("draining").asBoolean()) {
        return run;
      }
      if (!state.equals("QUEUED") && !state.equals("RUNNING") && !state.equals("FINISHED")) {
        throw new IOException("the run ended as " + run);
      }
      Thread.sleep(500);
    }
  }

  JsonNode read(String path) throws IOException, InterruptedException {
    try (InputStream body = get(path).body()) {
      return JSON.readTree(body);
    }
  }

  HttpResponse<InputStream> get(String path) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        HTTP.send(HttpRequest.newBuilder(base.resolve(path)).build(), HttpResponse.BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new IOException(path + " answers " + response.statusCode());
    }
    return response;
  }

  /** Waits for a runner that has loaded TensorFlow: it has used the processor, and uses it no more. */
  ProcessHandle awaitWarmRunner() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + 120_000_000_000L;
    Duration before = Duration.ZERO;
    while (System.nanoTime() < deadline) {
      Optional<ProcessHandle> runner = program.below(RUNNER);
      Duration used = runner.flatMap(it -> it.info().totalCpuDuration()).orElse(Duration.ZERO);
      // A JVM that waits still uses a tick of the kernel's clock now and then.
      if (runner.isPresent() && used.toMillis() > 300 && used.minus(before).toMillis() <= 20) {
        return runner.get();
      }
      before = used;
      Thread.sleep(700);
    }
    throw new IOException("no runner came to wait for work:\n" + program.printed());
  }

  @Override
  public void close() throws Exception {
    program.close();
  }
}
