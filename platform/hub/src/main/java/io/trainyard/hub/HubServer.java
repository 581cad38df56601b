package io.trainyard.hub;

import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.RunState;
import io.trainyard.core.run.ArtifactKeeper;
import io.trainyard.core.run.Catalog;
import io.trainyard.core.run.Home;
import io.trainyard.core.run.LogKeeper;
import io.trainyard.core.store.RunQuery;
import io.trainyard.core.store.RunStore;
import io.trainyard.hub.api.Api;
import io.trainyard.hub.api.HubFacts;
import io.trainyard.hub.http.Access;
import io.trainyard.hub.http.Dispatcher;
import io.trainyard.hub.http.RouteTable;
import io.trainyard.hub.http.StaticWeb;
import io.trainyard.hub.live.LiveFeed;
import io.trainyard.hub.meters.HubMeters;
import io.trainyard.hub.meters.RunMeters;
import io.trainyard.hub.state.Board;
import io.trainyard.hub.state.ExperimentNames;
import io.trainyard.hub.state.RunViews;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.BindException;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server with all that answers there: API, live feed, meters, dashboard. It talks to the rest of the hub by the bus, and reads
 * from the store. Any thread may start and close it.
 *
 * <p>Everything in it lives on one event loop, and needs no locks; parsing and writing of big bodies happens on its workers. One loop
 * is enough: it only moves bytes.
 */
public final class HubServer {
  private static final int MAX_ACTIVE = 1_000;

  private final Vertx vertx;
  private final HubOptions options;
  private final Bus bus;
  private final RunStore store;
  private final Catalog catalog;
  private final LogKeeper logs;
  private final ArtifactKeeper artifacts;
  private final Home home;
  private final InstantSource clock;
  private final String token;
  private final String instance;
  private @Nullable String deployment;
  private volatile String url = "";

  /**
   * Wires it; nothing happens before {@link #start}.
   *
   * @param instance names this start of the hub
   */
  public HubServer(
      Vertx vertx,
      HubOptions options,
      Bus bus,
      RunStore store,
      Catalog catalog,
      LogKeeper logs,
      ArtifactKeeper artifacts,
      Home home,
      InstantSource clock,
      String instance) {
    this.vertx = vertx;
    this.options = options;
    this.bus = bus;
    this.store = store;
    this.catalog = catalog;
    this.logs = logs;
    this.artifacts = artifacts;
    this.home = home;
    this.clock = clock;
    this.token = options.token() == null ? Token.of(home) : options.token();
    this.instance = instance;
  }

  /** Completes with the port when it listens. */
  public Future<Integer> start() {
    Loop loop = new Loop();
    return vertx
        .deployVerticle(loop)
        .recover(failure -> Future.failedFuture(readable(failure)))
        .map(
            id -> {
              deployment = id;
              return loop.port();
            });
  }

  /** Where it listens; empty before. */
  public String url() {
    return url;
  }

  /** The link that signs a browser in. */
  public String loginUrl() {
    return url + "/login?key=" + Access.loginKey(token);
  }

  public Future<Void> close() {
    return deployment == null ? Future.succeededFuture() : vertx.undeploy(deployment);
  }

  private Throwable readable(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return new IllegalStateException(
            "Port " + options.port() + " on " + options.host() + " is in use, or is not this machine's to use. "
                + "Stop what listens there, or choose another: --port " + (options.port() + 1) + ", or --port 0 for any that is free.",
            failure);
      }
    }
    return failure;
  }

  /** What lives on the event loop. */
  private final class Loop extends VerticleBase {
    private @Nullable HttpServer server;
    private @Nullable LiveFeed live;
    private @Nullable HubMeters meters;
    private @Nullable WorkerExecutor workers;
    private @Nullable WorkerExecutor exporters;

    @Override
    public Future<?> start() {
      ExperimentNames names = new ExperimentNames(store);
      Board board = new Board(bus, options.slots());
      RunViews views = new RunViews(store, names, board);
      RunMeters runMeters = new RunMeters(names, options.meters(), clock);
      LiveFeed feed = new LiveFeed(vertx, bus, views, instance, options.live());
      HubMeters hubMeters = new HubMeters(vertx, bus, store, catalog, board, feed.stats(), runMeters, clock);
      WorkerExecutor answers = vertx.createSharedWorkerExecutor("trainyard-api", 4, 2, TimeUnit.MINUTES);
      // Exports wait for whoever reads them, and must not keep charts waiting.
      WorkerExecutor exports = vertx.createSharedWorkerExecutor("trainyard-export", 4, 1, TimeUnit.HOURS);
      Access access = new Access(token, options.closed());
      HubFacts facts = new HubFacts(options.version(), instance, clock.millis(), home.root().toString(), HubServer.this::url);
      RouteTable table =
          Api.table(
              new Api.Parts(
                  bus, store, catalog, logs, artifacts, names, board, views, feed, hubMeters, access, exports, clock, facts));
      Dispatcher dispatcher =
          new Dispatcher(
              vertx, table, options.host(), options.allowedHosts(), access, new StaticWeb(options.webRoot()), answers, hubMeters::answered);
      live = feed;
      meters = hubMeters;
      workers = answers;
      exporters = exports;
      HttpServer listening = vertx.createHttpServer(http()).requestHandler(dispatcher);
      server = listening;
      return restore(names, runMeters)
          .compose(done -> listening.listen(options.port(), options.host()))
          .onSuccess(up -> url = options.url(up.actualPort()));
    }

    int port() {
      return server == null ? 0 : server.actualPort();
    }

    @Override
    public Future<?> stop() {
      if (live != null) {
        live.close();
      }
      if (meters != null) {
        meters.close();
      }
      Future<?> closed = server == null ? Future.succeededFuture() : server.close();
      return closed
          .eventually(() -> workers == null ? Future.succeededFuture() : workers.close())
          .eventually(() -> exporters == null ? Future.succeededFuture() : exporters.close());
    }

    /** Names of experiments, and the meters of runs that an earlier hub left running. */
    private Future<Void> restore(ExperimentNames names, RunMeters meters) {
      RunQuery active = new RunQuery(null, EnumSet.of(RunState.RUNNING), null, null, "created_at", true, 0, MAX_ACTIVE, false);
      return Future.fromCompletionStage(
              store
                  .experiments(false)
                  .thenAccept(all -> all.forEach(names::is))
                  .thenCompose(done -> store.runs(active))
                  .thenAccept(page -> meters.restore(page.rows())),
              context);
    }

    private HttpServerOptions http() {
      return new HttpServerOptions()
          // 200 names of series in one query.
          .setMaxInitialLineLength(64 << 10)
          .setMaxHeaderSize(32 << 10)
          .setHandle100ContinueAutomatically(true)
          .setHttp2ClearTextEnabled(false)
          // Longer than the live feed's signs of life, and than a store takes to verify itself.
          .setIdleTimeout(600)
          .setIdleTimeoutUnit(TimeUnit.SECONDS)
          .setCompressionSupported(false);
    }
  }
}
