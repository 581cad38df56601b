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
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives free slots to queued runs, oldest first, and passes stops on. All its state belongs to one event-loop context.
 *
 * <p>It learns what happens from the store's announcements alone, so a run that any other part queues or ends is seen here too.
 */
public final class Scheduler {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
  private static final String AGENT = "local";

  private final Context context;
  private final Bus bus;
  private final RunStore store;
  private final Clock clock;
  private final int slots;
  private final Set<String> queue = new LinkedHashSet<>();
  private final Set<String> running = new LinkedHashSet<>();
  private boolean open;

  public Scheduler(Context context, Bus bus, RunStore store, Clock clock, int slots) {
    this.context = context;
    this.bus = bus;
    this.store = store;
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
                    queued.rows().forEach(row -> queue.add(row.run().id()));
                    return Future.fromCompletionStage(store.runs(all(RunState.RUNNING)), context);
                  })
              .map(
                  active -> {
                    active.rows().stream().map(RunRow::run).filter(run -> run.task() != null).forEach(run -> running.add(run.id()));
                    open = true;
                    lease();
                    return null;
                  });
        });
  }

  /** Leases nothing any more; what is queued stays queued. */
  public Future<Void> close() {
    return onContext(
        () -> {
          open = false;
          return Future.succeededFuture();
        });
  }

  private static RunQuery all(RunState state) {
    return new RunQuery(null, Set.of(state), null, null, "created_at", false, 0, Integer.MAX_VALUE, false);
  }

  private void changed(RunChanged change) {
    RunRecord run = change.run();
    if (run.task() == null) {
      return;
    }
    boolean was = queue.contains(run.id()) || running.contains(run.id());
    queue.remove(run.id());
    running.remove(run.id());
    if (run.state() == RunState.QUEUED) {
      queue.add(run.id());
    } else if (run.state() == RunState.RUNNING) {
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
      bus.request(Addresses.APPLY, new Write(new Change.StartAttempt(next, AGENT, clock.millis(), null), null))
          .onSuccess(applied -> assign(Objects.requireNonNull(applied.run())))
          .onFailure(
              error -> {
                log.warn("run {} could not be started: {}", next, error.getMessage());
                context.runOnContext(
                    done -> {
                      running.remove(next);
                      // A full disk passes: the run keeps its place. A conflict means that it was stopped meanwhile.
                      if (error instanceof StoreException.ReadOnly || error instanceof StoreException.Overloaded) {
                        queue.add(next);
                        context.owner().setTimer(1000, timer -> context.runOnContext(again -> lease()));
                      } else {
                        lease();
                      }
                    });
              });
    }
    bus.publish(Addresses.QUEUE, new QueueStatus(queue.size(), running.size(), slots, List.copyOf(running)));
  }

  private void assign(RunRecord run) {
    bus.request(Addresses.ASSIGN, new Assign(run))
        .onFailure(
            error -> {
              Attempt attempt = Objects.requireNonNull(run.attempt());
              bus.request(
                      Addresses.APPLY,
                      new Write(
                          new Change.EndAttempt(
                              run.id(), attempt.number(), attempt.fence(), RunState.FAILED,
                              "its runner could not be started: " + error.getMessage(), clock.millis(), false, 0),
                          null))
                  .onFailure(second -> log.error("run {} cannot be ended as failed", run.id(), second));
            });
  }

  private CompletionStage<RunRecord> stop(Stop stop) {
    return bus.request(Addresses.APPLY, new Write(new Change.RequestStop(stop.run(), clock.millis()), null))
        .compose(
            applied -> {
              RunRecord run = Objects.requireNonNull(applied.run());
              if (run.state().ended() || run.task() == null) {
                return Future.succeededFuture(run);
              }
              return bus.request(Addresses.HALT, stop).map(run);
            })
        .toCompletionStage();
  }

  private <T> Future<T> onContext(java.util.function.Supplier<Future<T>> work) {
    io.vertx.core.Promise<T> promise = io.vertx.core.Promise.promise();
    context.runOnContext(go -> work.get().onComplete(promise));
    return promise.future();
  }
}
