package io.trainyard.runner;

import io.trainyard.spi.Goal;
import io.trainyard.spi.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when a training is saved. The thread "train" calls, only where everything that was trained is in the state
 * and everything that belongs to it was logged: between two blocks of steps, and when the body of an epoch is done.
 * Never behind the last block of an epoch: the task evaluates there, and a run that resumed would lack that.
 *
 * <p>Saved is when it is due, at a stop, at the end, and after each epoch with the best value so far. A checkpoint that
 * cannot be saved costs a line in the log; the next one is tried when it is due.
 */
final class Checkpoints {
  /** The value of the best checkpoint: a later attempt must not take a worse one for the best. */
  static final String BEST_FACT = "checkpoint.best";

  private static final Logger log = LoggerFactory.getLogger(Checkpoints.class);

  private final Interval every;
  private final Goal goal;
  private final KeptFiles files;
  private final BiConsumer<String, String> facts;
  private final LongSupplier nanos;
  private @Nullable State state;
  private Position saved;
  private long triedAt;
  private int triedEpoch;
  private double best;

  /**
   * @param resume where this attempt goes on
   * @param best the best value that the attempts before had; NaN without one
   * @param goal which values are better; NONE where nothing judges
   * @param facts takes what the next attempt has to be told, as provenance
   * @param nanos a clock like {@link System#nanoTime}
   */
  Checkpoints(
      Interval every,
      Position resume,
      double best,
      Goal goal,
      KeptFiles files,
      BiConsumer<String, String> facts,
      LongSupplier nanos) {
    this.every = every;
    this.saved = resume;
    this.best = best;
    this.goal = goal;
    this.files = files;
    this.facts = facts;
    this.nanos = nanos;
    this.triedEpoch = resume.epoch();
  }

  /** Whether the task said how it is saved. */
  boolean possible() {
    return state != null;
  }

  /** From now on it is saved. */
  void begin(State state, @Nullable Path file) throws IOException {
    if (file != null) {
      state.restore(file);
      log.info("resumed after step {}", saved.step());
    }
    this.state = state;
    this.triedAt = nanos.getAsLong();
  }

  /** Between two blocks of steps. */
  void between(Position at, boolean stopped) {
    if (state == null || every.never()) {
      return;
    }
    boolean due = every.nanos() > 0 && nanos.getAsLong() - triedAt >= every.nanos();
    if ((due || stopped) && !at.equals(saved)) {
      save(EnumSet.of(KeptFiles.Role.LAST), at);
    }
  }

  /**
   * After an epoch.
   *
   * @param judged the value that judges, as it was logged last; NaN without one
   * @param over whether nothing will follow: the stop, or the end
   */
  void after(Position at, double judged, boolean over) {
    if (state == null || every.never()) {
      return;
    }
    Set<KeptFiles.Role> roles = EnumSet.noneOf(KeptFiles.Role.class);
    boolean due =
        every.nanos() > 0
            ? nanos.getAsLong() - triedAt >= every.nanos()
            : at.epoch() - triedEpoch >= every.epochs();
    if ((due || over) && !at.equals(saved)) {
      roles.add(KeptFiles.Role.LAST);
    }
    if (better(judged)) {
      roles.add(KeptFiles.Role.BEST);
    }
    if (!roles.isEmpty() && save(roles, at) && roles.contains(KeptFiles.Role.BEST)) {
      best = judged;
      facts.accept(BEST_FACT, Double.toString(judged));
    }
  }

  /** A value that is not finite is never better than none. */
  private boolean better(double value) {
    if (goal == Goal.NONE || !Double.isFinite(value)) {
      return false;
    }
    return Double.isNaN(best) || (goal == Goal.MINIMIZE ? value < best : value > best);
  }

  private boolean save(Set<KeptFiles.Role> roles, Position at) {
    State saving = state;
    long from = nanos.getAsLong();
    boolean done = false;
    try {
      if (saving != null) {
        files.checkpoint(saving::save, roles, at);
        done = true;
        log.debug("saved after step {} ({} ms)", at.step(), TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - from));
      }
    } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
      // A training of three days does not end because it could not be saved once.
      log.warn("the checkpoint after step {} cannot be saved, the training goes on: {}", at.step(), Reasons.of(e));
    }
    if (roles.contains(KeptFiles.Role.LAST)) {
      saved = done ? at : saved;
      triedAt = nanos.getAsLong();
      triedEpoch = at.epoch();
    }
    return done;
  }
}
