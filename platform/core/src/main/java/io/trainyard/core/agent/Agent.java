package io.trainyard.core.agent;

import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.Assign;
import io.trainyard.core.bus.Addresses.Stop;
import io.trainyard.core.bus.Addresses.Write;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.Attempt;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.model.TaskRef;
import io.trainyard.core.run.Home;
import io.trainyard.core.run.Trees;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.RunQuery;
import io.trainyard.core.store.RunRow;
import io.trainyard.core.store.RunStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts runners, watches them, and ships what they wrote. A worker verticle: it reads files and starts processes, on one thread at a
 * time, never an event loop. Holds no plugin code.
 *
 * <p>It also takes over what an earlier agent left: a spool whose runner lives goes on, one whose runner is gone is read to its end.
 */
public final class Agent extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(Agent.class);
  private static final long TICK_MS = 10;

  private final AgentOptions options;
  private final Home home;
  private final Bus bus;
  private final RunStore store;
  private final Function<TaskRef, Path> jars;
  private final Clock clock;
  private final Map<String, Shipment> shipments = new LinkedHashMap<>();
  private @Nullable RunnerProcess warm;
  private boolean closing;
  private volatile boolean leaving;

  /**
   * @param jars where the copy of a pinned plugin lies
   */
  public Agent(AgentOptions options, Home home, Bus bus, RunStore store, Function<TaskRef, Path> jars, Clock clock) {
    this.options = options;
    this.home = home;
    this.bus = bus;
    this.store = store;
    this.jars = jars;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    bus.serve(Addresses.ASSIGN, this::assign);
    bus.serve(Addresses.HALT, this::halt);
    return adopt()
        .onSuccess(
            done -> {
              vertx.setPeriodic(TICK_MS, tick -> tick());
              vertx.setTimer(1, soon -> keepWarm());
            });
  }

  /** From now on, stopping this leaves the runners alone. Any thread. */
  public void leave() {
    leaving = true;
  }

  /** Asks every runner to stop, ships what they still write, kills what stays; then lets the warm one go. */
  @Override
  public Future<?> stop() {
    Promise<Void> stopped = Promise.promise();
    closing = true;
    if (warm != null) {
      warm.dismiss();
    }
    if (leaving) {
      shipments.values().forEach(Shipment::release);
      return Future.succeededFuture();
    }
    shipments.values().forEach(shipment -> shipment.stop(false));
    long deadline = clock.millis() + options.graceMs() + 5_000;
    vertx.setPeriodic(
        TICK_MS,
        timer -> {
          tick();
          if (shipments.isEmpty() || clock.millis() > deadline) {
            vertx.cancelTimer(timer);
            shipments.values().forEach(Shipment::release);
            stopped.tryComplete();
          }
        });
    return stopped.future();
  }

  private void tick() {
    List<RunRecord> again = new ArrayList<>();
    Iterator<Shipment> each = shipments.values().iterator();
    while (each.hasNext()) {
      Shipment shipment = each.next();
      if (shipment.over()) {
        each.remove();
        if (shipment.neverBegan() && !closing) {
          again.add(shipment.record());
        }
      } else {
        shipment.tick();
      }
    }
    again.forEach(this::beginAgain);
    if (options.warm() && !closing && (warm == null || !warm.alive())) {
      keepWarm();
    }
  }

  /** A hub that was killed while it started a runner is no reason for the run to fail. */
  private void beginAgain(RunRecord run) {
    log.info("run {} had not begun when the last hub ended; it begins now", run.id());
    assign(new Assign(run))
        .whenComplete(
            (done, error) -> {
              if (error != null) {
                Attempt attempt = Objects.requireNonNull(run.attempt());
                Change failed =
                    new Change.EndAttempt(
                        run.id(), attempt.number(), attempt.fence(), RunState.FAILED,
                        "its runner could not be started: " + error.getMessage(), clock.millis(), false, 0);
                bus.request(Addresses.APPLY, new Write(failed, null))
                    .onFailure(second -> log.error("run {} cannot be ended as failed", run.id(), second));
              }
            });
  }

  /** A runner that has TensorFlow loaded before anybody asks for it. */
  private void keepWarm() {
    if (!options.warm() || closing || (warm != null && warm.alive())) {
      return;
    }
    try {
      warm = RunnerProcess.start(options, home.runners());
    } catch (IOException e) {
      log.error("no runner can be started", e);
    }
  }

  private CompletionStage<Boolean> assign(Assign assign) {
    RunRecord run = assign.run();
    Attempt attempt = Objects.requireNonNull(run.attempt());
    TaskRef task = Objects.requireNonNull(run.task());
    Path spool = home.spool(run.id(), attempt.number());
    try {
      RunnerProcess runner = warm != null && warm.alive() ? warm : RunnerProcess.start(options, home.runners());
      warm = null;
      Map<String, Object> assignment = new LinkedHashMap<>();
      assignment.put("run", run.id());
      assignment.put("attempt", attempt.number());
      assignment.put("fence", attempt.fence());
      assignment.put("directory", spool.toString());
      assignment.put("plugin", jars.apply(task).toString());
      assignment.put("plugin_sha256", task.pluginSha256());
      assignment.put("task", task.id());
      assignment.put("params", run.params());
      assignment.put("seed", run.seed());
      assignment.put("device", "auto");
      assignment.put("data", run.dataFolder());
      assignment.put("spool_limit_bytes", options.spoolLimitBytes());
      runner.assign(spool, assignment);
      shipments.put(run.id(), new Shipment(bus, clock, options, context, run, spool, runner, false, 0));
      // The next one loads TensorFlow when this one has begun, not beside its first steps.
      vertx.setTimer(1_500, later -> keepWarm());
      return Future.succeededFuture(true).toCompletionStage();
    } catch (IOException e) {
      return Future.<Boolean>failedFuture(e).toCompletionStage();
    }
  }

  private CompletionStage<Boolean> halt(Stop stop) {
    Shipment shipment = shipments.get(stop.run());
    if (shipment != null) {
      shipment.stop(stop.force());
    }
    return Future.succeededFuture(shipment != null).toCompletionStage();
  }

  /** Finds what an earlier agent left: spools on disk, and runs that the store believes to be running here. */
  private Future<Void> adopt() {
    List<Future<Void>> found = new ArrayList<>();
    Set<String> adopted = new HashSet<>();
    try {
      // Whatever waits for an assignment from a hub that is gone has ended by itself.
      Trees.delete(home.runners());
      for (Path ofRun : folders(home.spool())) {
        List<Path> spools = folders(ofRun);
        if (spools.isEmpty()) {
          // A hub was killed between the deletion of a spool and that of its folder.
          Trees.delete(ofRun);
        }
        for (Path spool : spools) {
          found.add(adopt(ofRun.getFileName().toString(), spool, adopted));
        }
      }
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
    RunQuery running = new RunQuery(null, Set.of(RunState.RUNNING), null, null, "created_at", false, 0, Integer.MAX_VALUE, false);
    return Future.all(found)
        .compose(done -> Future.fromCompletionStage(store.runs(running), context))
        .compose(page -> {
          for (RunRow row : page.rows()) {
            RunRecord run = row.run();
            if (run.task() != null && !adopted.contains(run.id())) {
              // Leased, and then the hub died before its spool was there.
              take(run, home.spool(run.id(), run.attemptNumber()), null, 0);
            }
          }
          return Future.succeededFuture();
        });
  }

  private Future<Void> adopt(String id, Path spool, Set<String> adopted) {
    return Future.fromCompletionStage(store.run(id), context)
        .compose(
            known -> {
              RunRecord run = known.orElse(null);
              boolean current = run != null && spool.getFileName().toString().equals(Integer.toString(run.attemptNumber()));
              if (run == null || !current || (run.state().ended() && !run.draining())) {
                discard(spool, run == null ? "its run is not known" : current ? "it has been shipped" : "it is of an earlier attempt");
                return Future.<Void>succeededFuture();
              }
              adopted.add(id);
              return Future.fromCompletionStage(store.nextSeq(id, run.attemptNumber()), context)
                  .map(
                      next -> {
                        try {
                          take(run, spool, RunnerProcess.adopt(spool).orElse(null), next);
                        } catch (IOException e) {
                          log.error("the spool {} cannot be taken over", spool, e);
                        }
                        return null;
                      });
            });
  }

  private void take(RunRecord run, Path spool, @Nullable RunnerProcess process, long next) {
    try {
      log.info("run {} is taken over ({})", run.id(), process != null && process.alive() ? "its runner trains on" : "its runner has ended");
      shipments.put(run.id(), new Shipment(bus, clock, options, context, run, spool, process, true, next));
    } catch (IOException e) {
      log.error("the spool {} cannot be read", spool, e);
    }
  }

  private static void discard(Path spool, String why) {
    try {
      RunnerProcess.adopt(spool).ifPresent(RunnerProcess::kill);
      log.info("the spool {} is deleted: {}", spool, why);
      Trees.delete(spool);
    } catch (IOException e) {
      log.warn("the spool {} cannot be deleted: {}", spool, e.toString());
    }
  }

  private static List<Path> folders(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(parent)) {
      return list.filter(Files::isDirectory).sorted().toList();
    }
  }
}
