package io.trainyard.hub.api;

import static io.trainyard.hub.http.Role.ADMIN;
import static io.trainyard.hub.http.Role.OPEN;
import static io.trainyard.hub.http.Role.READ;

import io.trainyard.core.bus.Addresses.QueueStatus;
import io.trainyard.core.run.ArtifactKeeper;
import io.trainyard.core.run.Catalog;
import io.trainyard.core.store.RunStore;
import io.trainyard.core.store.ScrubReport;
import io.trainyard.core.store.StoreException;
import io.trainyard.core.store.StoreStatus;
import io.trainyard.hub.http.Access;
import io.trainyard.hub.http.Answer;
import io.trainyard.hub.http.Call;
import io.trainyard.hub.http.ProblemException;
import io.trainyard.hub.http.QueryParams;
import io.trainyard.hub.http.Role;
import io.trainyard.hub.http.Route;
import io.trainyard.hub.http.Route.Query;
import io.trainyard.hub.json.CatalogJson;
import io.trainyard.hub.json.TaskJson;
import io.trainyard.hub.meters.HubMeters;
import io.trainyard.hub.state.Board;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The hub itself: how it is, what it offers, how to sign in. Called on the event loop. */
final class SystemRoutes {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final HubFacts facts;
  private final Catalog catalog;
  private final RunStore store;
  private final ArtifactKeeper artifacts;
  private final Board board;
  private final HubMeters meters;
  private final Access access;
  private final InstantSource clock;
  private final Supplier<byte[]> openApi;
  private final AtomicReference<Buffer> document = new AtomicReference<>();

  /** @param openApi writes the page for machines; asked once */
  SystemRoutes(
      HubFacts facts,
      Catalog catalog,
      RunStore store,
      ArtifactKeeper artifacts,
      Board board,
      HubMeters meters,
      Access access,
      InstantSource clock,
      Supplier<byte[]> openApi) {
    this.facts = facts;
    this.catalog = catalog;
    this.store = store;
    this.artifacts = artifacts;
    this.board = board;
    this.meters = meters;
    this.access = access;
    this.clock = clock;
    this.openApi = openApi;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/livez", OPEN, "livez", "200 when alive", "Health", this::alive),
        Route.get("/readyz", OPEN, "readyz", "200 when the store has recovered", "Health", this::ready),
        Route.get("/metrics", READ, "metrics", "Prometheus text", null, this::metrics).type(PROMETHEUS),
        Route.get("/openapi.json", READ, "openApi", "This page for machines", "OpenApi", this::openApi),
        Route.get("/login", OPEN, "login", "Sets the dashboard's cookie and redirects to the dashboard", null, this::login)
            .query(new Query("key", "string", null, "the key in the link that the hub printed"))
            .status(302),
        Route.get("/api/v1/hub", READ, "getHub", "This hub, and what the caller may do", "Hub", this::hub),
        Route.get("/api/v1/tasks", READ, "listTasks", "Tasks that can be launched, or why not", "TaskList", this::tasks),
        Route.get("/api/v1/tasks/{id}", READ, "getTask", "One task", "Task", this::task),
        Route.get("/api/v1/plugins", READ, "listPlugins", "Plugins, and what became of them", "PluginList", this::plugins),
        Route.post("/api/v1/verify", ADMIN, "verify", "Reads every byte of the store and checks every checksum", "ScrubReport", this::verify));
  }

  private Future<Answer> alive(Call call) {
    return Future.succeededFuture(
        Answer.json(
            200,
            out -> {
              out.writeStartObject();
              out.writeStringField("status", "alive");
              out.writeEndObject();
            }));
  }

  /** The server starts when the store has recovered, so what is left to say is whether it still goes. */
  private Future<Answer> ready(Call call) {
    StoreStatus status = store.status();
    return Future.succeededFuture(
        Answer.json(
            200,
            out -> {
              out.writeStartObject();
              out.writeStringField("status", "ready");
              out.writeBooleanField("writable", status.writable());
              out.writeStringField("reason", status.reason());
              out.writeNumberField("damaged_parts", status.damage().size());
              out.writeEndObject();
            }));
  }

  private Future<Answer> metrics(Call call) {
    return call.onWorker(() -> Answer.text(200, PROMETHEUS, meters.scrape()));
  }

  private Future<Answer> openApi(Call call) {
    Buffer known = document.get();
    Future<Buffer> found = known != null ? Future.succeededFuture(known) : call.onWorker(() -> Buffer.buffer(openApi.get()));
    return found.map(
        json -> {
          document.set(json);
          return new Answer.Whole(200, Answer.JSON, json, Map.of());
        });
  }

  private Future<Answer> login(Call call) {
    QueryParams query = call.query();
    String key = query.text("key", 200, "");
    query.done();
    Cookie cookie = access.login(key);
    if (cookie == null) {
      throw new ProblemException(401, "This link's key is not this hub's. Open the link that it printed when it started.");
    }
    call.response().addCookie(cookie);
    return Future.succeededFuture(new Answer.Whole(302, Answer.TEXT, Buffer.buffer(), Map.of("Location", "/")));
  }

  private Future<Answer> hub(Call call) {
    QueueStatus queue = board.queue();
    List<String> roles = call.roles().stream().filter(role -> role != Role.OPEN).map(Role::text).toList();
    return Future.succeededFuture(
        Answer.json(
            200,
            out -> {
              out.writeStartObject();
              out.writeStringField("version", facts.version());
              out.writeNumberField("started_at", facts.startedAt());
              out.writeNumberField("now", clock.millis());
              out.writeStringField("home", facts.home());
              out.writeStringField("url", facts.url().get());
              out.writeNumberField("slots", queue.slots());
              out.writeNumberField("queued", queue.queued());
              out.writeNumberField("running", queue.running());
              out.writeArrayFieldStart("roles");
              for (String role : roles) {
                out.writeString(role);
              }
              out.writeEndArray();
              out.writeStringField("jdk", System.getProperty("java.version"));
              out.writeStringField(
                  "os", System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"));
              out.writeStringField("instance", facts.instance());
              out.writeEndObject();
            }));
  }

  private Future<Answer> tasks(Call call) {
    return call.await(catalog.ready()).map(known -> Runs.list("tasks", catalog.tasks(), TaskJson::write));
  }

  private Future<Answer> task(Call call) {
    String id = call.path("id");
    return call.await(catalog.ready())
        .map(
            known ->
                catalog
                    .task(id)
                    .map(task -> Answer.json(200, out -> TaskJson.write(out, task)))
                    .orElseThrow(() -> new StoreException.NotFound("There is no task " + id + ". GET /api/v1/tasks lists what there is.")));
  }

  private Future<Answer> plugins(Call call) {
    return call.await(catalog.ready()).map(known -> Runs.list("plugins", catalog.plugins(), CatalogJson::plugin));
  }

  /** The store, and beside it what runs have shown and kept. */
  private Future<Answer> verify(Call call) {
    return call.await(store.scrub())
        .compose(report -> call.await(artifacts.scrub()).map(kept -> joined(report, kept)))
        .map(
            report ->
                Answer.json(
                    200,
                    out -> {
                      out.writeStartObject();
                      out.writeNumberField("files", report.files());
                      out.writeNumberField("bytes", report.bytes());
                      out.writeNumberField("records", report.records());
                      out.writeArrayFieldStart("problems");
                      for (String problem : report.problems()) {
                        out.writeString(problem);
                      }
                      out.writeEndArray();
                      out.writeEndObject();
                    }));
  }

  private static ScrubReport joined(ScrubReport one, ScrubReport other) {
    List<String> problems = new ArrayList<>(one.problems());
    problems.addAll(other.problems());
    return new ScrubReport(
        one.files() + other.files(), one.bytes() + other.bytes(), one.records() + other.records(), problems);
  }
}
