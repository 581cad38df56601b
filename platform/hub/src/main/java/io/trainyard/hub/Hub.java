package io.trainyard.hub;

import io.trainyard.core.agent.Agent;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.run.FileArtifactKeeper;
import io.trainyard.core.run.FileLogKeeper;
import io.trainyard.core.run.Home;
import io.trainyard.core.run.Launcher;
import io.trainyard.core.run.PluginCatalog;
import io.trainyard.core.run.Recorder;
import io.trainyard.core.run.Scheduler;
import io.trainyard.core.store.RunStore;
import io.trainyard.store.StoreOptions;
import io.trainyard.store.TrainyardStore;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hub: what it is made of, in the order in which it starts; it closes in the reverse order. Starting and closing block, so
 * neither is for an event loop.
 */
public final class Hub implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Hub.class);

  private final HubConfig config;
  private final String instance = UUID.randomUUID().toString();
  private final Deque<Part> started = new ArrayDeque<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private URI url = URI.create("http://127.0.0.1");
  private String loginUrl = "";
  private volatile boolean leaving;

  /** Something that was started, and how it ends. */
  private record Part(String name, AutoCloseable close) {}

  private Hub(HubConfig config) {
    this.config = config;
  }

  /**
   * Starts one and returns when it answers.
   *
   * @throws io.trainyard.core.store.StoreException when the data folder cannot be used
   * @throws IllegalStateException when it cannot listen
   */
  public static Hub start(HubConfig config) {
    Hub hub = new Hub(config);
    try {
      hub.start();
      return hub;
    } catch (RuntimeException e) {
      hub.close();
      throw e;
    }
  }

  private void start() {
    Clock clock = Clock.systemUTC();
    Home home = config.home();

    // Loading Vert.x and opening the store take 100 ms each, and neither needs the other.
    CompletableFuture<Vertx> loading = CompletableFuture.supplyAsync(Hub::vertx);
    RunStore store;
    try {
      store = TrainyardStore.open(home.root(), StoreOptions.defaults());
    } catch (RuntimeException e) {
      await(loading.join().close());
      throw e;
    }
    on("store", store);
    Vertx vertx = loading.join();
    on("vertx", () -> await(vertx.close()));
    Bus bus = new Bus(vertx);

    new Recorder(bus, store).start();

    FileLogKeeper logs = new FileLogKeeper(home, bus);
    logs.start();
    on("logs", logs);

    FileArtifactKeeper artifacts = new FileArtifactKeeper(home, bus, clock);
    artifacts.start();
    on("artifacts", artifacts);

    PluginCatalog catalog = new PluginCatalog(List.of(config.builtInPlugins(), home.plugins()), home, config.agent().java(), bus);
    catalog.start();
    on("plugins", catalog);

    HubServer server =
        new HubServer(vertx, config.server(), bus, store, catalog, logs, artifacts, home, clock, instance);
    on("server", () -> await(server.close()));
    int port = await(server.start());
    url = URI.create(server.url());
    loginUrl = server.loginUrl();

    new Launcher(bus, catalog, store, artifacts, clock).start();

    if (config.server().slots() > 0) {
      Agent agent =
          new Agent(config.agent(), home, bus, store, artifacts, task -> catalog.jar(task.pluginSha256()), clock);
      // A worker: it reads spools and starts processes.
      String agentId = await(vertx.deployVerticle(agent, new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)));
      on(
          "agent",
          () -> {
            if (leaving) {
              agent.leave();
            }
            await(vertx.undeploy(agentId));
          });

      Scheduler scheduler =
          new Scheduler(vertx.getOrCreateContext(), bus, store, artifacts, clock, config.server().slots());
      await(scheduler.start());
      on("scheduler", () -> await(scheduler.close()));
    }

    try {
      HubFile.write(home, server.url(), port, instance, config.server().version());
    } catch (IOException e) {
      throw new UncheckedIOException("The hub cannot say where it is in " + home.hubFile() + ": " + e.getMessage(), e);
    }
    on("hub.json", () -> HubFile.remove(home));
    log.info("hub {} is up at {}", config.server().version(), url);
  }

  private static Vertx vertx() {
    // It serves no file of the class path, and the cache for those is a folder in /tmp that a killed hub leaves there.
    FileSystemOptions noCache = new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
    // One loop moves bytes, the other is the scheduler's; whatever waits has threads of its own.
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(2)
            .setWorkerPoolSize(4)
            .setPreferNativeTransport(false)
            .setFileSystemOptions(noCache));
  }

  public URI url() {
    return url;
  }

  /** The link that signs a browser in. */
  public String loginUrl() {
    return loginUrl;
  }

  /** The secret that launches code. */
  public String token() {
    String chosen = config.server().token();
    return chosen != null ? chosen : Token.of(config.home());
  }

  /** Ends the hub, and in order its runners: each is asked to stop, and killed after the grace period. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    while (!started.isEmpty()) {
      Part part = started.pop();
      try {
        part.close.close();
      } catch (Exception e) {
        log.error("closing {} failed", part.name, e);
      }
    }
  }

  /** Ends the hub and leaves its runners training; the next hub of this data folder takes them over. */
  public void leave() {
    leaving = true;
    close();
  }

  private void on(String name, AutoCloseable close) {
    started.push(new Part(name, close));
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
