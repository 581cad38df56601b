package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A hub that is up, in a process of its own, with what a test asks of it again and again. */
final class LiveHub implements AutoCloseable {
  static final Set<String> ENDED = Set.of("FINISHED", "FAILED", "STOPPED", "DIVERGED");

  private final Path home;
  private final Process process;
  private final Path out;
  private final Path err;
  private final URI link;
  private final Api api;

  private LiveHub(Path home, Process process, Path out, Path err, URI link) throws IOException {
    this.home = home;
    this.process = process;
    this.out = out;
    this.err = err;
    this.link = link;
    Path token = home.resolve("token");
    Api anonymous = new Api(link.resolve("/"), Map.of());
    // A token of the operator's own lies elsewhere.
    this.api =
        Files.exists(token) ? anonymous.with("Authorization", "Bearer " + Files.readString(token).strip()) : anonymous;
  }

  /** Starts one on any free port; it is ready when this returns. */
  static LiveHub up(Path home, String... flags) throws Exception {
    Files.createDirectories(home);
    Path folder = home.toAbsolutePath().getParent();
    Path out = Files.createTempFile(folder, "hub-", ".out");
    Path err = Files.createTempFile(folder, "hub-", ".err");
    List<String> arguments = new ArrayList<>(List.of("up", "--port", "0", "--home", home.toString()));
    arguments.addAll(List.of(flags));
    Process process =
        Program.process(folder, arguments).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try {
      URI link =
          Eventually.get(
              "a hub that prints its link; it said " + err,
              30,
              () -> {
                assertThat(process.isAlive()).as(() -> "the hub ended: " + text(err)).isTrue();
                Stream<String> lines = text(out).lines().map(String::strip);
                return lines.filter(line -> line.startsWith("http://")).findFirst().map(URI::create);
              });
      return new LiveHub(home, process, out, err, link);
    } catch (Throwable e) {
      process.destroyForcibly();
      throw e;
    }
  }

  Path home() {
    return home;
  }

  /** What it printed for its user's browser. */
  URI link() {
    return link;
  }

  /** With its token. */
  Api api() {
    return api;
  }

  /** As a page or program on this machine that has no token. */
  Api stranger() {
    return api.without("Authorization");
  }

  String out() {
    return text(out);
  }

  String err() {
    return text(err);
  }

  long pid() {
    return process.pid();
  }

  JsonNode get(String path) throws Exception {
    return api.get(path).is(200).json();
  }

  JsonNode run(String id) throws Exception {
    return get("/api/v1/runs/" + id);
  }

  Api.Answer tryToLaunch(String task, Map<String, ?> params) throws Exception {
    return api.post("/api/v1/experiments/0/runs", Map.of("task", task, "params", params));
  }

  String launch(String task, Map<String, ?> params) throws Exception {
    return tryToLaunch(task, params).is(201).json().path("id").asText();
  }

  JsonNode untilRunning(String id) throws Exception {
    return until("RUNNING", id, 20, run -> run.path("state").asText().equals("RUNNING"));
  }

  /** Until it has logged at least so many points of {@code train/loss}. */
  JsonNode untilStep(String id, int points) throws Exception {
    return until(
        points + " points", id, 30, run -> run.path("metrics").path("train/loss").path("count").asInt() >= points);
  }

  /** Until it has ended, and its points are all there. */
  JsonNode untilEnd(String id) throws Exception {
    return until(
        "an end", id, 60, run -> ENDED.contains(run.path("state").asText()) && !run.path("draining").asBoolean());
  }

  private JsonNode until(String what, String id, int seconds, Predicate<JsonNode> condition) throws Exception {
    JsonNode[] last = new JsonNode[1];
    try {
      return Eventually.get(
          what,
          seconds,
          () -> {
            last[0] = run(id);
            return condition.test(last[0]) ? Optional.of(last[0]) : Optional.empty();
          });
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + ", but the run is " + last[0], e);
    }
  }

  /** All of a run's output. */
  String log(String id) throws Exception {
    return api.get("/api/v1/runs/" + id + "/log.txt").is(200).text();
  }

  /** All points of a series. */
  JsonNode points(String id, String series) throws Exception {
    String name = java.net.URLEncoder.encode(series, java.nio.charset.StandardCharsets.UTF_8);
    JsonNode answer = get("/api/v1/runs/" + id + "/points?max=1000000&name=" + name).path("series").get(0);
    assertThat(answer.path("raw").asBoolean()).isTrue();
    return answer;
  }

  String export(String id, String format) throws Exception {
    return api.get("/api/v1/runs/" + id + "/export?format=" + format).is(200).text();
  }

  JsonNode plugin(String file) throws Exception {
    for (JsonNode plugin : get("/api/v1/plugins").path("plugins")) {
      if (plugin.path("file").asText().equals(file)) {
        return plugin;
      }
    }
    return Program.JSON.missingNode();
  }

  Optional<JsonNode> task(String id) throws Exception {
    for (JsonNode task : get("/api/v1/tasks").path("tasks")) {
      if (task.path("id").asText().equals(id)) {
        return Optional.of(task);
      }
    }
    return Optional.empty();
  }

  /** The processes that it has started: the warm runner, runners, inspectors. */
  List<ProcessHandle> children() {
    return process.descendants().toList();
  }

  /** As {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** As Ctrl-C: it and its runners end. */
  int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(40, TimeUnit.SECONDS)) {
      kill();
      throw new AssertionError("the hub did not end within 40 s of its signal:\n" + err());
    }
    return process.exitValue();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    List<ProcessHandle> left = new ArrayList<>(process.descendants().toList());
    left.addAll(runners());
    if (process.isAlive()) {
      left.forEach(ProcessHandle::destroyForcibly);
      process.destroy();
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        kill();
      }
    }
    left.addAll(runners());
    left.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle handle : left) {
      handle.onExit().orTimeout(10, TimeUnit.SECONDS).exceptionally(e -> null).join();
    }
  }

  /** Runners of this home that live, whoever started them. */
  List<ProcessHandle> runners() throws IOException {
    List<ProcessHandle> found = new ArrayList<>();
    Path spool = home.resolve("spool");
    if (!Files.isDirectory(spool)) {
      return found;
    }
    List<Path> identities;
    try (Stream<Path> files = Files.walk(spool)) {
      identities = files.filter(file -> file.endsWith("runner.json")).toList();
    } catch (java.io.UncheckedIOException shipped) {
      return found;
    }
    for (Path identity : identities) {
      runner(identity).filter(ProcessHandle::isAlive).ifPresent(found::add);
    }
    return found;
  }

  private static Optional<ProcessHandle> runner(Path identity) {
    try {
      return ProcessHandle.of(Program.JSON.readTree(identity.toFile()).path("pid").asLong());
    } catch (IOException shipped) {
      return Optional.empty();
    }
  }

  /** Params for a launch, in their order. */
  static Map<String, Object> params(@Nullable Object... namesAndValues) {
    Map<String, Object> params = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      if (value != null) {
        params.put(String.valueOf(namesAndValues[i]), value);
      }
    }
    return params;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
