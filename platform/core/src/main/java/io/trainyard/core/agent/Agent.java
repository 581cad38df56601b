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
import io.trainyard.core.run.ArtifactKeeper;
import io.trainyard.core.run.Home;
import io.trainyard.core.run.InputFiles;
import io.trainyard.core.run.RunOptions;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts runners, watches them, and ships what they wrote. A worker verticle: it reads files and starts processes, on
 * one thread at a time, never an event loop. Holds no plugin code.
 *
 * <p>It also takes over what an earlier agent left: a spool whose runner lives goes on, one whose runner is gone is
 * read to its end.
 */
public final class Agent extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(Agent.class);
  private static final long TICK_MS = 10;

  /** The pause after a runner that could not be started or kept warm, and after a spool that could not be opened. */
  private static final long RETRY_MS = 5_000;

  private final AgentOptions options;
  private final Home home;
  private final Bus bus;
  private final RunStore store;
  private final ArtifactKeeper artifacts;
  private final InputFiles inputs;
  private final Function<TaskRef, Path> jars;
  private final Clock clock;
  private final Map<String, Shipment> shipments = new LinkedHashMap<>();
  private @Nullable Questions questions;
  private @Nullable RunnerProcess warm;
  /** No warm runner is started before this. */
  private long warmNotBefore;
  private boolean closing;
  private volatile boolean leaving;

  /**
   * @param jars where the copy of a pinned plugin lies
   */
  public Agent(
      AgentOptions options,
      Home home,
      Bus bus,
      RunStore store,
      ArtifactKeeper artifacts,
      Function<TaskRef, Path> jars,
      Clock clock) {
    this.options = options;
    this.home = home;
    this.bus = bus;
    this.store = store;
    this.artifacts = artifacts;
    this.inputs = new InputFiles(artifacts);
    this.jars = jars;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    bus.serve(Addresses.ASSIGN, this::assign);
    bus.serve(Addresses.HALT, this::halt);
    Questions asked = new Questions(vertx, context, home.runners(), store, artifacts, this::takeRunner, jars, clock);
    questions = asked;
    bus.serve(Addresses.ASK, asked::ask);
    return adopt().onSuccess(done -> vertx.setPeriodic(TICK_MS, tick -> tick()));
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
    if (questions != null) {
      questions.close();
    }
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
        continue;
      }
      try {
        shipment.tick();
      } catch (RuntimeException e) {
        // One spool that makes no sense must not hold up the others.
        log.error("run {} is looked after again in a while", shipment.run(), e);
        shipment.pause();
      }
    }
    again.forEach(this::beginAgain);
    if (questions != null) {
      questions.tick();
    }
    keepWarm();
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
                        "Its runner could not be started: " + error.getMessage(), clock.millis(), false, 0);
                bus.request(Addresses.APPLY, new Write(failed, null))
                    .onFailure(
                        second -> {
                          log.warn("run {} cannot be ended yet: {}", run.id(), second.getMessage());
                          if (!Shipment.refusedForGood(second) && !closing) {
                            // What kept its runner from starting, a full disk say, may have passed by then.
                            vertx.setTimer(RETRY_MS, later -> beginAgain(run));
                          }
                        });
              }
            });
  }

  /** A runner that has TensorFlow loaded before anybody asks for it. */
  private void keepWarm() {
    if (!options.warm() || closing || (warm != null && warm.alive()) || clock.millis() < warmNotBefore) {
      return;
    }
    if (warm != null) {
      int status = warm.exit().orElse(-1);
      log.error("a runner ended before it had work (status {}); another in a while: {}", status, warm.lastWords());
      warm.dismiss();
      warm = null;
      warmNotBefore = clock.millis() + RETRY_MS;
      return;
    }
    try {
      warm = RunnerProcess.start(options, home.runners());
    } catch (IOException e) {
      log.error("no runner can be started; trying again in a while", e);
      warmNotBefore = clock.millis() + RETRY_MS;
    }
  }

  /** The warm one, or one that has TensorFlow still to load. */
  private RunnerProcess takeRunner() throws IOException {
    RunnerProcess runner = warm != null && warm.alive() ? warm : RunnerProcess.start(options, home.runners());
    if (runner == warm) {
      warm = null;
    }
    return runner;
  }

  private CompletionStage<Boolean> assign(Assign assign) {
    RunRecord run = assign.run();
    Shipment known = shipments.get(run.id());
    if (known != null && known.attempt() == run.attemptNumber()) {
      return Future.succeededFuture(true).toCompletionStage();
    }
    return left(run.id())
        .compose(gone -> Future.fromCompletionStage(inputs.open(run), context))
        .compose(files -> checkpoint(run).compose(checkpoint -> begin(run, files, checkpoint.orElse(null))))
        .toCompletionStage();
  }

  /** Waits until the runner of an earlier attempt, which may have ended a moment ago, has left. */
  private Future<Void> left(String run) {
    return closing || !shipments.containsKey(run)
        ? Future.succeededFuture()
        : vertx.timer(10 * TICK_MS).compose(later -> left(run));
  }

  /** Where a run that is resumed goes on. */
  private Future<Optional<ArtifactKeeper.Content>> checkpoint(RunRecord run) {
    String from = run.resumeFrom();
    if (from == null) {
      return Future.succeededFuture(Optional.empty());
    }
    return Future.fromCompletionStage(artifacts.open(run.id(), from), context)
        .compose(
            found ->
                found.isPresent()
                    ? Future.succeededFuture(found)
                    : Future.failedFuture("its checkpoint " + from + " is gone"));
  }

  private Future<Boolean> begin(
      RunRecord run, Map<String, Path> files, ArtifactKeeper.@Nullable Content checkpoint) {
    Attempt attempt = Objects.requireNonNull(run.attempt());
    Path spool = home.spool(run.id(), attempt.number());
    if (closing) {
      return Future.failedFuture("The hub was closing. Run it again.");
    }
    RunnerProcess runner = null;
    try {
      runner = takeRunner();
      runner.prepare(spool);
      // First that which can fail, a full disk say; a runner that has its assignment trains.
      Shipment shipment = new Shipment(bus, clock, options, context, run, spool, runner, false, 0);
      try {
        runner.assign(assignment(run, attempt, spool, files, checkpoint));
      } catch (IOException | RuntimeException e) {
        shipment.release();
        throw e;
      }
      shipments.put(run.id(), shipment);
      // The next one loads TensorFlow when this one has begun, not beside its first steps.
      warmNotBefore = Math.max(warmNotBefore, clock.millis() + 1_500);
      return Future.succeededFuture(true);
    } catch (IOException | RuntimeException e) {
      if (runner != null) {
        runner.kill();
        runner.dismiss();
      }
      discard(spool, "its runner could not be started");
      return Future.failedFuture(e);
    }
  }

  private Map<String, Object> assignment(
      RunRecord run,
      Attempt attempt,
      Path spool,
      Map<String, Path> files,
      ArtifactKeeper.@Nullable Content checkpoint) {
    TaskRef task = Objects.requireNonNull(run.task());
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
    Map<String, String> how = RunOptions.complete(run.options());
    assignment.put("device", how.get(RunOptions.DEVICE));
    assignment.put("checkpoint_every", how.get(RunOptions.CHECKPOINT_EVERY));
    assignment.put("data", run.dataFolder());
    assignment.put("inputs", Questions.paths(files));
    assignment.put("spool_limit_bytes", options.spoolLimitBytes());
    if (checkpoint != null) {
      Map<String, Object> from = Questions.checkpoint(checkpoint);
      // What the best checkpoint was worth: a worse one does not replace it.
      from.put("best", run.provenance().get("checkpoint.best"));
      assignment.put("checkpoint", from);
    }
    return assignment;
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
    Set<RunState> running = Set.of(RunState.RUNNING);
    RunQuery query = new RunQuery(null, running, null, null, "created_at", false, 0, Integer.MAX_VALUE, false);
    return Future.all(found)
        .compose(done -> Future.fromCompletionStage(store.runs(query), context))
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
              String attempt = spool.getFileName().toString();
              boolean current = run != null && attempt.equals(Integer.toString(run.attemptNumber()));
              // QUEUED: it was resumed, which is possible only when all was shipped.
              if (run == null || !current || (run.state() != RunState.RUNNING && !run.draining())) {
                String why = current ? "it has been shipped" : "it is of an earlier attempt";
                discard(spool, run == null ? "its run is not known" : why);
                return Future.<Void>succeededFuture();
              }
              adopted.add(id);
              return Future.fromCompletionStage(store.nextSeq(id, run.attemptNumber()), context)
                  .map(
                      next -> {
                        take(run, spool, RunnerProcess.adopt(spool).orElse(null), next);
                        return null;
                      });
            });
  }

  private void take(RunRecord run, Path spool, @Nullable RunnerProcess process, long next) {
    boolean alive = process != null && process.alive();
    try {
      shipments.put(run.id(), new Shipment(bus, clock, options, context, run, spool, process, true, next));
      log.info("run {} is taken over ({})", run.id(), alive ? "its runner trains on" : "its runner has ended");
    } catch (IOException e) {
      log.error("the spool {} cannot be read; trying again in a while", spool, e);
      vertx.setTimer(
          RETRY_MS,
          again -> {
            if (!closing) {
              take(run, spool, process, next);
            }
          });
    }
  }

  private static void discard(Path spool, String why) {
    try {
      if (!Files.exists(spool)) {
        return;
      }
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
