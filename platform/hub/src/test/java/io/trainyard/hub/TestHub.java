package io.trainyard.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.Launch;
import io.trainyard.core.bus.Addresses.Write;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.ParamSpec;
import io.trainyard.core.model.PluginInfo;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.model.TaskInfo;
import io.trainyard.core.model.TaskRef;
import io.trainyard.core.run.Catalog;
import io.trainyard.core.run.FileArtifactKeeper;
import io.trainyard.core.run.FileLogKeeper;
import io.trainyard.core.run.Home;
import io.trainyard.core.run.InvalidRequest;
import io.trainyard.core.run.Recorder;
import io.trainyard.core.run.Scheduler;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.RunStore;
import io.trainyard.store.StoreOptions;
import io.trainyard.store.TrainyardStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * A server on a free port with the store, the bus, the recorder, the scheduler (without slots) and the log keeper behind it.
 * Two things are made up: the catalog, and a launcher that queues what it is told to; the real ones take JARs and runners.
 */
final class TestHub implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String SHA = "3f5a1c9e7b2d4f60815263748596a7b8c9d0e1f2031425364758697a8b9cadbe";
  static final TaskRef REF = new TaskRef("linreg", "trainyard-linreg-0.1.0.jar", "0.1.0", SHA);

  final Vertx vertx = Vertx.vertx();
  final Bus bus = new Bus(vertx);
  final RunStore store;
  final Home home;
  final TestClock clock = new TestClock();
  final FileLogKeeper logs;
  final FileArtifactKeeper artifacts;
  /** What the launcher was asked for last. */
  volatile Launch launched;
  /** Whether its task is one that can be asked about texts. */
  volatile boolean languageModel = true;
  final HubServer server;
  final int port;
  final String token;

  private final HttpClient http = HttpClient.newHttpClient();

  TestHub(Path folder) {
    this(folder, options -> options);
  }

  TestHub(Path folder, UnaryOperator<HubOptions> change) {
    home = new Home(folder);
    store = TrainyardStore.open(home.root(), StoreOptions.defaults());
    new Recorder(bus, store).start();
    logs = new FileLogKeeper(home, bus);
    logs.start();
    artifacts = new FileArtifactKeeper(home, bus, Clock.systemUTC());
    artifacts.start();
    await(new Scheduler(vertx.getOrCreateContext(), bus, store, artifacts, Clock.systemUTC(), 0).start());
    bus.serve(Addresses.LAUNCH, this::queue);
    HubOptions options = change.apply(HubOptions.defaults().port(0));
    server = new HubServer(vertx, options, bus, store, new Tasks(), logs, artifacts, home, clock, UUID.randomUUID().toString());
    port = await(server.start());
    token = options.token() == null ? Token.of(home) : options.token();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path));
  }

  HttpRequest.Builder launching(String path) {
    return request(path).header("Authorization", "Bearer " + token);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return send(launching(path).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> method(String method, String path, String body) throws IOException, InterruptedException {
    return send(launching(path).header("Content-Type", "application/json").method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  /** A run that a client feeds. */
  String tracked(String body) throws IOException, InterruptedException {
    HttpResponse<String> response = post("/api/v1/experiments/0/tracked-runs", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return json(response).get("id").asText();
  }

  /** A run as if a runner trained it. */
  RunRecord running(Map<String, Object> params) {
    RunRecord queued = record(UUID.randomUUID().toString().replace("-", ""), params);
    write(new Change.CreateRun(queued));
    return write(new Change.StartAttempt(queued.id(), "local", clock.millis(), null));
  }

  /** A run with these facts, which waits. */
  RunRecord queued(Map<String, Object> params, Map<String, String> provenance) {
    return write(new Change.CreateRun(record(UUID.randomUUID().toString().replace("-", ""), params, provenance)));
  }

  RunRecord write(Change change) {
    return Objects.requireNonNull(await(bus.request(Addresses.APPLY, new Write(change, null))).run());
  }

  static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join();
  }

  private CompletionStage<RunRecord> queue(Launch launch) {
    launched = launch;
    if (!launch.task().equals("linreg")) {
      throw new InvalidRequest("task", "\"" + launch.task() + "\" is not a task; there is linreg");
    }
    if (launch.params().get("learning_rate") instanceof Number rate && rate.doubleValue() <= 0) {
      throw new InvalidRequest(
          List.of(
              new InvalidRequest.FieldError("params.learning_rate", "must be greater than 0, but is " + rate),
              new InvalidRequest.FieldError("params.true_w", "must have at least 1 element")));
    }
    RunRecord run = record(UUID.randomUUID().toString().replace("-", ""), launch.params());
    RunRecord named =
        new RunRecord(
            run.id(), launch.experiment(), launch.name() == null ? "linreg-1" : launch.name(), RunState.QUEUED, null, REF, launch.params(),
            launch.seed() == null ? 7 : launch.seed(), launch.tags(), launch.notes(), run.createdAt(), null, null, false, false, null, 0,
            launch.rerunOf(), false, launch.data(), launch.options(), null, null, List.of(), launch.source(), 0);
    return bus.request(Addresses.APPLY, new Write(new Change.CreateRun(named), launch.key()))
        .map(applied -> Objects.requireNonNull(applied.run()))
        .toCompletionStage();
  }

  private RunRecord record(String id, Map<String, Object> params) {
    return record(id, params, Map.of("trainyard.version", "0.1.0"));
  }

  private RunRecord record(String id, Map<String, Object> params, Map<String, String> provenance) {
    return new RunRecord(
        id, "0", "linreg-1", RunState.QUEUED, null, REF, params, 42, Map.of(), "", clock.millis(), null, null, false, false, null, 0, null,
        false, null, Map.of(), null, null, List.of(), provenance, 0);
  }

  @Override
  public void close() {
    await(server.close());
    artifacts.close();
    await(vertx.close());
    logs.close();
    store.close();
  }

  /** What the contract's sample shows. */
  private final class Tasks implements Catalog {
    private ParamSpec param(String name, String type, Object fallback, ParamSpec element) {
      return new ParamSpec(name, type, "Help.", fallback, 0.0, null, true, List.of("scratch", "concise"), 100, 1, 10, element);
    }

    @Override
    public List<PluginInfo> plugins() {
      return List.of(
          new PluginInfo("trainyard-linreg-0.1.0.jar", PluginInfo.State.LOADED, null, SHA, "0.1.0", 1, List.of("linreg"), 52345),
          new PluginInfo("foo.jar", PluginInfo.State.REJECTED, "foo.jar is built for SPI 2.", SHA, "9.9", 2, List.of(), 1),
          new PluginInfo("new.jar", PluginInfo.State.INSPECTING, null, null, null, null, List.of(), 777));
    }

    @Override
    public List<TaskInfo> tasks() {
      ParamSpec real = param("true_w", "real", null, null);
      List<ParamSpec> params =
          List.of(
              param("learning_rate", "real", 0.03, null),
              new ParamSpec("epochs", "int", "Passes.", 5L, 1L, Long.MAX_VALUE, false, List.of(), 0, 0, 0, null),
              param("shuffle", "flag", true, null),
              param("implementation", "choice", "scratch", null),
              param("corpus", "text", "", null),
              param("vocab", "artifact", null, null),
              param("true_w", "list", List.of(2.0, -3.4), real),
              param("clip", "optional", null, real));
      return List.of(
          new TaskInfo(
              "linreg", "Linear regression", "Fits a line.", null, REF, params,
              List.of(new TaskInfo.MetricInfo("train/loss", "MINIMIZE", false), new TaskInfo.MetricInfo("rate", "NONE", true)),
              "train/loss",
              new TaskInfo.PredictorInfo(28, 28, 1),
              languageModel,
              List.of(
                  new TaskInfo.BandInfo("epoch/train_loss", 2, 0.2, 0.3, "Somebody", Map.of("learning_rate", 0.03, "epochs", 5L)),
                  new TaskInfo.BandInfo("epoch/train_loss", 3, 0.0, Double.POSITIVE_INFINITY, "", Map.of()),
                  new TaskInfo.BandInfo("epoch/train_loss", 1, 0.0, 0.1, "Not for this one", Map.of("learning_rate", 0.5)))));
    }

    @Override
    public Optional<TaskInfo> pinned(String taskId, String pluginSha256) {
      return task(taskId);
    }
  }
}
