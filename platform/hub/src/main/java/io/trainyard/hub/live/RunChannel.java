package io.trainyard.hub.live;

import io.trainyard.core.bus.Addresses.PointsStored;
import io.trainyard.core.model.RunRecord;
import io.trainyard.hub.json.RunJson;
import io.trainyard.hub.state.RunViews;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Paces what one run says: its points at most every 50 ms, the first at once; its row at most every 250 ms, but a change of state at
 * once. On the feed's event loop.
 */
final class RunChannel {
  private static final Logger LOG = LoggerFactory.getLogger(RunChannel.class);
  private static final long POINTS_MILLIS = 50;
  private static final long RUN_MILLIS = 250;

  private final Vertx vertx;
  private final RunViews views;
  private final Consumer<LiveEvent> out;

  private @Nullable PointsEvent gathered;
  private long pointsAt;
  private boolean pointsTimer;

  private @Nullable RunRecord latest;
  private List<Object> shown = List.of();
  private long runAt;
  private boolean runTimer;
  private boolean fetching;
  private boolean again;

  RunChannel(Vertx vertx, RunViews views, Consumer<LiveEvent> out) {
    this.vertx = vertx;
    this.views = views;
    this.out = out;
    // The first of each goes out at once.
    this.pointsAt = now() - POINTS_MILLIS;
    this.runAt = now() - RUN_MILLIS;
  }

  /** @param wanted whether anybody looks at this run's points */
  void points(PointsStored stored, boolean wanted) {
    newer(stored.run());
    if (wanted) {
      if (gathered != null && gathered.continues(stored)) {
        gathered.add(stored);
      } else {
        flush();
        gathered = new PointsEvent(stored);
      }
      flushWhenDue();
    }
    show(false);
  }

  void changed(RunRecord run) {
    flush();
    newer(run);
    show(!signature(run).equals(shown));
  }

  void progressed() {
    show(false);
  }

  /** Nothing is under way and nothing more will come: it can be forgotten. */
  boolean over() {
    return latest != null && latest.state().ended() && !latest.draining() && !pointsTimer && !runTimer && !fetching;
  }

  private void newer(RunRecord run) {
    if (latest == null || run.version() >= latest.version()) {
      latest = run;
    }
  }

  private void flushWhenDue() {
    long wait = pointsAt + POINTS_MILLIS - now();
    if (wait <= 0) {
      flush();
    } else if (!pointsTimer) {
      pointsTimer = true;
      // Asked again then: a point that came just before the timer may have had all sent already.
      vertx.setTimer(
          wait,
          fired -> {
            pointsTimer = false;
            if (gathered != null) {
              flushWhenDue();
            }
          });
    }
  }

  private void flush() {
    if (gathered != null) {
      out.accept(gathered.event());
      gathered = null;
      pointsAt = now();
    }
  }

  private void show(boolean atOnce) {
    long wait = runAt + RUN_MILLIS - now();
    if (latest == null) {
      return;
    }
    if (fetching) {
      again |= atOnce;
      if (atOnce) {
        return;
      }
    }
    if (atOnce || wait <= 0 && !fetching) {
      fetch();
    } else if (!runTimer) {
      runTimer = true;
      vertx.setTimer(Math.max(1, wait), fired -> {
        runTimer = false;
        if (!fetching) {
          fetch();
        }
      });
    }
  }

  private void fetch() {
    RunRecord run = latest;
    if (run == null) {
      return;
    }
    fetching = true;
    runAt = now();
    shown = signature(run);
    Future.fromCompletionStage(views.view(run), vertx.getOrCreateContext())
        .onComplete(
            done -> {
              fetching = false;
              if (done.failed()) {
                LOG.warn("The live feed cannot show run {}: {}", run.id(), String.valueOf(done.cause()));
              } else {
                out.accept(event(done.result()));
              }
              if (again) {
                again = false;
                fetch();
              }
            });
  }

  private static LiveEvent event(RunJson row) {
    int weight = 1_000 + 120 * row.series().size() + 60 * row.run().params().size();
    return new LiveEvent(LiveEvent.Kind.RUN, row.run().id(), weight, 0, row.run().version(), row::write);
  }

  /** What nobody wants to wait for. */
  private static List<Object> signature(RunRecord run) {
    return List.of(
        run.state(),
        run.attemptNumber(),
        run.stopRequested(),
        run.draining(),
        run.deleted(),
        run.unreachableSince() == null,
        run.name(),
        run.tags(),
        run.notes());
  }

  private static long now() {
    return System.nanoTime() / 1_000_000;
  }
}
