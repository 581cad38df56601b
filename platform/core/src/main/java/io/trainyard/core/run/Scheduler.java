package io.trainyard.core.run;

import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.Assign;
import io.trainyard.core.bus.Addresses.QueueStatus;
import io.trainyard.core.bus.Addresses.RunChanged;
import io.trainyard.core.bus.Addresses.Stop;
import io.trainyard.core.bus.Addresses.Write;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.Attempt;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.RunQuery;
import io.trainyard.core.store.RunRow;
import io.trainyard.core.store.RunStore;
import io.trainyard.core.store.StoreException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives free slots to queued runs, oldest first, and passes stops on. All its state belongs to one event-loop context.
 *
 * <p>It learns what happens from the store's announcements alone, so a run that any other part queues or ends is seen
 * here too. The exception is a run whose start is on its way: until the agent has it, {@code leasing} says so, and
 * neither an announcement from before the start nor a stop overtakes it.
 */
public final class Scheduler {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
  private static final String AGENT = "local";

  /** The pause after a refusal that passes by itself: a full disk, a store that is behind. */
  private static final long RETRY_MS = 1_000;

  private final Context context;
  private final Bus bus;
  private final RunStore store;
  private final ArtifactKeeper artifacts;
  private final InputFiles inputs;
  private final Clock clock;
  private final int slots;
  private final Set<String> queue = new LinkedHashSet<>();
  private final Set<String> running = new LinkedHashSet<>();
  private final Map<String, Future<Void>> leasing = new LinkedHashMap<>();
  /**
   * Runs that were announced while the first questions were on their way: the announcement is newer than the answer.
   */
  private final Set<String> announced = new HashSet<>();

  private boolean started;
  private boolean open;

  /** A run whose checkpoint or input cannot be had any more. */
  private static final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Missing(String message) {
      super(message);
    }
  }

  public Scheduler(
      Context context, Bus bus, RunStore store, ArtifactKeeper artifacts, Clock clock, int slots) {
    this.context = context;
    this.bus = bus;
    this.store = store;
    this.artifacts = artifacts;
    this.inputs = new InputFiles(artifacts);
    this.clock = clock;
    this.slots = slots;
  }

  /** Learns what was queued and running when the last hub ended, and begins to lease. */
  public Future<Void> start() {
    return onContext(
        () -> {
          bus.listen(Addresses.CHANGED, this::changed);
          bus.serve(Addresses.STOP, this::stop);
          return Future.fromCompletionStage(store.runs(all(RunState.QUEUED)), context)
              .compose(
                  queued -> {
                    fresh(queued.rows()).stream()
                        .sorted(Comparator.comparingLong(Scheduler::queuedAt))
                        .forEach(run -> queue.add(run.id()));
                    return Future.fromCompletionStage(store.runs(all(RunState.RUNNING)), context);
                  })
              .map(
                  active -> {
                    fresh(active.rows()).forEach(run -> running.add(run.id()));
                    started = true;
                    announced.clear();
                    open = true;
                    lease();
                    return null;
                  });
        });
  }

  /** Leases nothing any more; what is queued stays queued. Completes when what was on its way has come to the agent. */
  public Future<Void> close() {
    return onContext(
        () -> {
          open = false;
          return Future.join(new ArrayList<>(leasing.values())).<Void>mapEmpty().otherwiseEmpty();
        });
  }

  private static RunQuery all(RunState state) {
    return new RunQuery(null, Set.of(state), null, null, "created_at", false, 0, Integer.MAX_VALUE, false);
  }

  private List<RunRecord> fresh(List<RunRow> rows) {
    return rows.stream()
        .map(RunRow::run)
        .filter(run -> run.task() != null && !announced.contains(run.id()))
        .toList();
  }

  private static long queuedAt(RunRecord run) {
    Long resumed = run.resumedAt();
    return resumed == null ? run.createdAt() : resumed;
  }

  private void changed(RunChanged change) {
    RunRecord run = change.run();
    if (run.task() == null) {
      return;
    }
    if (!started) {
      announced.add(run.id());
    }
    if (run.state() == RunState.QUEUED && leasing.containsKey(run.id())) {
      // Announced before its start was stored.
      return;
    }
    boolean was = queue.contains(run.id()) || running.contains(run.id());
    running.remove(run.id());
    if (run.state() == RunState.QUEUED) {
      // One that is there keeps its place, whatever was changed of it.
      queue.add(run.id());
    } else {
      queue.remove(run.id());
    }
    if (run.state() == RunState.RUNNING) {
      running.add(run.id());
    }
    if (was || !run.state().ended()) {
      lease();
    }
  }

  private void lease() {
    while (open && running.size() < slots && !queue.isEmpty()) {
      String next = queue.iterator().next();
      queue.remove(next);
      running.add(next);
      Promise<Void> done = Promise.promise();
      leasing.put(next, done.future());
      begin(next)
          .onComplete(
              over -> {
                leasing.remove(next);
                done.complete();
                lease();
              });
    }
    List<String> active = List.copyOf(running);
    bus.publish(Addresses.QUEUE, new QueueStatus(queue.size(), active.size(), slots, active));
  }

  /** Completes when the agent has the run, or nobody shall have it. */
  private Future<Void> begin(String run) {
    return firstStep(run)
        .compose(
            from -> {
              Change start = new Change.StartAttempt(run, AGENT, clock.millis(), from.isEmpty() ? null : from.get());
              return bus.request(Addresses.APPLY, new Write(start, null));
            })
        .transform(
            started -> {
              if (started.succeeded()) {
                return assign(Objects.requireNonNull(started.result().run()));
              }
              if (started.cause() instanceof Missing gone) {
                return failQueued(run, String.valueOf(gone.getMessage()));
              }
              log.warn("run {} could not be started: {}", run, started.cause().getMessage());
              if (refusedForGood(started.cause())) {
                return startedMeanwhile(run);
              }
              return beginLater(run);
            });
  }

  /** A full disk passes: the run keeps its slot until then. */
  private Future<Void> beginLater(String run) {
    return context
        .owner()
        .timer(RETRY_MS)
        .compose(again -> open && running.contains(run) ? begin(run) : Future.succeededFuture());
  }

  /** Where a run that is resumed goes on; empty for one that begins. Fails when something that it reads is missing. */
  private Future<Optional<Long>> firstStep(String run) {
    return Future.fromCompletionStage(store.run(run), context)
        .compose(found -> found.isPresent() ? firstStep(found.get()) : Future.succeededFuture(Optional.empty()));
  }

  private Future<Optional<Long>> firstStep(RunRecord run) {
    // Contents are looked at now: once there is an attempt, what lies behind its start is superseded.
    return Future.fromCompletionStage(inputs.open(run), context)
        .recover(error -> Future.failedFuture(new Missing(String.valueOf(error.getMessage()))))
        .compose(there -> run.resumeFrom() == null ? Future.succeededFuture(Optional.empty()) : resumed(run, run.resumeFrom()));
  }

  private Future<Optional<Long>> resumed(RunRecord run, String from) {
    return Future.fromCompletionStage(artifacts.open(run.id(), from), context)
        .transform(
            opened -> {
              if (opened.failed()) {
                String why = opened.cause().getMessage();
                return Future.failedFuture(new Missing("Its checkpoint " + from + " cannot be read: " + why));
              }
              return opened
                  .result()
                  .map(content -> Future.succeededFuture(Optional.of(content.artifact().step() + 1)))
                  .orElseGet(
                      () ->
                          Future.failedFuture(
                              new Missing("Its checkpoint " + from + " is gone. Run it again from the start.")));
            });
  }

  private Future<Void> failQueued(String run, String reason) {
    return bus.request(Addresses.APPLY, new Write(new Change.FailQueued(run, reason, clock.millis()), null))
        .transform(
            done -> {
              if (done.failed() && !refusedForGood(done.cause())) {
                return beginLater(run);
              }
              running.remove(run);
              return Future.succeededFuture();
            });
  }

  /** It was stopped before it could start; or the start was stored, and only its answer was lost. */
  private Future<Void> startedMeanwhile(String run) {
    return Future.fromCompletionStage(store.run(run), context)
        .compose(
            found -> {
              if (found.isPresent() && found.get().state() == RunState.RUNNING) {
                return assign(found.get());
              }
              running.remove(run);
              return Future.succeededFuture();
            });
  }

  /** Succeeds, whatever comes of it: that is for the store to tell. */
  private Future<Void> assign(RunRecord run) {
    return bus.request(Addresses.ASSIGN, new Assign(run))
        .<Void>mapEmpty()
        .recover(
            error -> {
              log.warn("run {} could not be given to a runner", run.id(), error);
              end(run, RunState.FAILED, "Its runner could not be started: " + error.getMessage());
              return Future.succeededFuture();
            });
  }

  /** Ends a run that nobody runs, again and again while the store refuses for a reason that passes. */
  private void end(RunRecord run, RunState state, String reason) {
    Attempt attempt = Objects.requireNonNull(run.attempt());
    Change end =
        new Change.EndAttempt(
            run.id(), attempt.number(), attempt.fence(), state, reason, clock.millis(), false, run.lostPoints());
    bus.request(Addresses.APPLY, new Write(end, null))
        .onFailure(
            error -> {
              if (refusedForGood(error)) {
                log.info("run {} has ended meanwhile: {}", run.id(), error.getMessage());
              } else {
                log.warn("run {} cannot be ended yet: {}", run.id(), error.getMessage());
                context.owner().setTimer(RETRY_MS, again -> end(run, state, reason));
              }
            });
  }

  private static boolean refusedForGood(Throwable error) {
    return error instanceof StoreException.Conflict
        || error instanceof StoreException.NotFound
        || error instanceof StoreException.StaleAttempt;
  }

  private CompletionStage<RunRecord> stop(Stop stop) {
    return bus.request(Addresses.APPLY, new Write(new Change.RequestStop(stop.run(), clock.millis()), stop.key()))
        .compose(
            applied -> {
              RunRecord run = Objects.requireNonNull(applied.run());
              if (run.state().ended() || run.task() == null) {
                return Future.succeededFuture(run);
              }
              Future<Void> started = leasing.getOrDefault(run.id(), Future.succeededFuture());
              return started.compose(there -> bus.request(Addresses.HALT, stop)).map(known -> halted(run, known));
            })
        .toCompletionStage();
  }

  /** A run that no runner has would never hear of its stop, so it ends here. */
  private RunRecord halted(RunRecord run, boolean known) {
    if (!known && run.state() == RunState.RUNNING) {
      end(run, RunState.STOPPED, "It was stopped; no runner had it.");
    }
    return run;
  }

  private <T> Future<T> onContext(Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(go -> work.get().onComplete(promise));
    return promise.future();
  }
}
