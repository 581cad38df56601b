package io.trainyard.hub.meters;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.PointsStored;
import io.trainyard.core.bus.Addresses.RunChanged;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.MetricBatch.Column;
import io.trainyard.core.model.PluginInfo;
import io.trainyard.core.run.Catalog;
import io.trainyard.core.store.RunStore;
import io.trainyard.core.store.StoreStatus;
import io.trainyard.hub.live.LiveStats;
import io.trainyard.hub.state.Board;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The hub's own meters. Made on the event loop, and fed there; whoever scrapes reads.
 *
 * <p>Names and labels are frozen in a test. Labels take values from small sets only: routes of the table, states, tasks.
 */
public final class HubMeters implements AutoCloseable {
  private static final Duration[] HTTP_BUCKETS = {
    Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(25), Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(2)
  };
  private static final Duration[] LAG_BUCKETS = {
    Duration.ofMillis(50), Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30)
  };
  private static final long LAG_MILLIS = 500;
  /** A point is a step, a time and a value of 8 bytes each. */
  private static final int BYTES_PER_POINT = 24;

  private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final InstantSource clock;
  private final Vertx vertx;
  private final Counter points = counter("trainyard.ingest.points", "Points that were stored.");
  private final Counter bytes = counter("trainyard.ingest.bytes", "Bytes of points that were stored, before they were compressed.");
  private final Counter batches = counter("trainyard.ingest.batches", "Batches of points that were stored.");
  private final Timer lag;
  private final Timer loop;
  private final long loopTimer;
  private boolean jvm;
  /** Runs whose end has not been counted. */
  private final Set<String> active = new HashSet<>();

  public HubMeters(
      Vertx vertx, Bus bus, RunStore store, Catalog catalog, Board board, LiveStats live, RunMeters runs, InstantSource clock) {
    this.vertx = vertx;
    this.clock = clock;
    // Not on the way to the first answer.
    vertx.executeBlocking(
        () -> {
          jvm();
          return true;
        },
        false);
    gauge("trainyard.queue.runs", "Runs that wait for a slot.", board, b -> b.queue().queued());
    gauge("trainyard.slots", "Runs that may run at once.", board, b -> b.queue().slots());
    gauge("trainyard.slots.busy", "Runs that are running in slots.", board, b -> b.queue().running());
    gauge("trainyard.live.clients", "Browsers that follow the live feed.", live, LiveStats::clients);
    counted("trainyard.live.events", "Events written to browsers.", live, LiveStats::sent);
    counted("trainyard.live.dropped", "Events that slow browsers did not get as they were.", live, LiveStats::dropped);
    counted("trainyard.live.stalled", "Browsers let go because they took nothing any more.", live, LiveStats::closed);
    for (PluginInfo.State state : PluginInfo.State.values()) {
      Gauge.builder("trainyard.plugins", catalog, c -> c.plugins().stream().filter(plugin -> plugin.state() == state).count())
          .description("Plugins by what became of them; a REJECTED one has failed.")
          .tag("state", state.name())
          .register(registry);
    }
    store(store);
    lag =
        Timer.builder("trainyard.ingest.lag")
            .description("From a point's time to the moment when it was durable, for points of runners.")
            .serviceLevelObjectives(LAG_BUCKETS)
            .register(registry);
    loop =
        Timer.builder("trainyard.event.loop.delay")
            .description("By how much a timer of the event loop is late.")
            .serviceLevelObjectives(Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofMillis(500))
            .register(registry);
    registry.getPrometheusRegistry().register(runs);
    long[] due = {System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAG_MILLIS)};
    loopTimer =
        vertx.setPeriodic(
            LAG_MILLIS,
            fired -> {
              long now = System.nanoTime();
              loop.record(Math.max(0, now - due[0]), TimeUnit.NANOSECONDS);
              due[0] = now + TimeUnit.MILLISECONDS.toNanos(LAG_MILLIS);
            });
    bus.listen(
        Addresses.METRICS,
        message -> {
          runs.stored(message);
          stored(message);
        });
    bus.listen(
        Addresses.CHANGED,
        message -> {
          runs.changed(message);
          changed(message);
        });
    announcements(bus);
  }

  /** One answer of the HTTP server. */
  public void answered(String method, String route, int status, long nanos) {
    Timer.builder("trainyard.http.requests")
        .description("Answers of the HTTP server, by route and class of status.")
        .tags("method", known(method), "route", route, "status", status / 100 + "xx")
        .serviceLevelObjectives(HTTP_BUCKETS)
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Prometheus's text format. Takes some milliseconds: for a worker. */
  public String scrape() {
    jvm();
    return registry.scrape();
  }

  @Override
  public void close() {
    vertx.cancelTimer(loopTimer);
    collections.close();
    registry.close();
  }

  private synchronized void jvm() {
    if (jvm) {
      return;
    }
    jvm = true;
    new JvmMemoryMetrics().bindTo(registry);
    collections.bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  private void store(RunStore store) {
    gauge("trainyard.store.writable", "1 while the store takes writes.", store, s -> s.status().writable() ? 1 : 0);
    gauge("trainyard.store.damaged.parts", "Damaged parts that were found and set aside.", store, s -> s.status().damage().size());
    gauge("trainyard.store.pending.changes", "Changes that wait for the disk.", store, s -> s.status().pending());
    gauge("trainyard.store.points", "Points in the store.", store, s -> s.status().points());
    size(store, "journal", StoreStatus::journalBytes);
    size(store, "chunks", StoreStatus::chunkBytes);
    size(store, "view", StoreStatus::viewBytes);
    FunctionTimer.builder(
            "trainyard.store.fsync", store, s -> s.status().fsyncs(), s -> s.status().fsyncNanos(), TimeUnit.NANOSECONDS)
        .description("Waits for the disk to make the journal durable.")
        .register(registry);
  }

  private void size(RunStore store, String part, ToDoubleFunction<StoreStatus> size) {
    Gauge.builder("trainyard.store.size", store, s -> size.applyAsDouble(s.status()))
        .description("Size of the store's parts on disk.")
        .baseUnit("bytes")
        .tag("part", part)
        .register(registry);
  }

  private void announcements(Bus bus) {
    count(bus, Addresses.METRICS);
    count(bus, Addresses.CHANGED);
    count(bus, Addresses.LOGGED);
    count(bus, Addresses.PROGRESS);
    count(bus, Addresses.QUEUE);
    count(bus, Addresses.PLUGINS);
  }

  private <M> void count(Bus bus, Bus.Topic<M> topic) {
    Counter counter =
        Counter.builder("trainyard.bus.announcements")
            .description("Messages announced on the event bus, by address.")
            .tag("address", topic.name())
            .register(registry);
    bus.listen(topic, message -> counter.increment());
  }

  private void stored(PointsStored message) {
    MetricBatch batch = message.batch();
    int count = batch.points();
    points.increment(count);
    bytes.increment((double) count * BYTES_PER_POINT);
    batches.increment();
    active.add(batch.run());
    Column last = batch.columns().isEmpty() ? null : batch.columns().get(batch.columns().size() - 1);
    if (batch.seq() != MetricBatch.UNSEQUENCED && last != null && last.times().length > 0) {
      lag.record(Math.max(0, clock.millis() - last.times()[last.times().length - 1]), TimeUnit.MILLISECONDS);
    }
  }

  private void changed(RunChanged message) {
    var run = message.run();
    if (!run.state().ended()) {
      active.add(run.id());
    } else if (active.remove(run.id())) {
      Counter.builder("trainyard.runs.ended")
          .description("Runs that have ended, by task and state; a FAILED one is a plugin's failure, or its runner's.")
          .tags("task", run.task() == null ? "" : run.task().id(), "state", run.state().name())
          .register(registry)
          .increment();
    }
  }

  private Counter counter(String name, String help) {
    return Counter.builder(name).description(help).register(registry);
  }

  private <T> void counted(String name, String help, T source, ToDoubleFunction<T> value) {
    FunctionCounter.builder(name, source, value).description(help).register(registry);
  }

  private <T> void gauge(String name, String help, T source, ToDoubleFunction<T> value) {
    Gauge.builder(name, source, value).description(help).register((MeterRegistry) registry);
  }

  /** A stranger's invented method makes no series. */
  private static String known(String method) {
    return switch (method) {
      case "GET", "HEAD", "POST", "PATCH", "DELETE", "PUT", "OPTIONS" -> method;
      default -> "other";
    };
  }
}
