package io.trainyard.core.agent;

import io.trainyard.client.Control;
import io.trainyard.client.OutputLog;
import io.trainyard.client.SpoolReader;
import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.Keep;
import io.trainyard.core.bus.Addresses.Progress;
import io.trainyard.core.bus.Addresses.Write;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.Attempt;
import io.trainyard.core.model.Keepsake;
import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.run.Trees;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.StoreException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt, from its assignment until its spool has been read to its end: ships points, output and facts, watches
 * the process, and reports how it ended. Belongs to the agent's context (a worker: it reads files), which calls
 * {@link #tick} many times a second.
 *
 * <p>One batch is on its way at a time. Its {@code seq} is where the last acknowledged one ended, so whatever is sent
 * again after a failure, or after the death of the hub, the store either has or lacks as a whole. What was shown and
 * kept between these points goes first, and is dropped by its position when it comes again. Segments are deleted after
 * the acknowledgement of the points.
 *
 * <p>The order at the end: all points acknowledged, then the output, then the end of the attempt, then the spool is
 * deleted. Whoever comes back after a crash finds the spool and goes on wherever this had come to.
 */
final class Shipment {
  private static final Logger log = LoggerFactory.getLogger(Shipment.class);

  /** Points in one batch: some 25 bytes a point before compression, well below a megabyte. */
  private static final int BATCH_POINTS = 32_768;

  /** The folder of the spool with the files that it names. */
  private static final String FILES = "files";

  /**
   * An empty batch moves the acknowledgement on when the reader is so far ahead of it: bytes in one segment, and much
   * more than this in different ones.
   */
  private static final long ADVANCE = 1 << 20;

  /**
   * A process without an end record is reported as FAILED after this long, though points of it may still be on their
   * way.
   */
  private static final long REPORT_DEATH_MS = 3_000;

  /** How long a runner may take to leave after its end record. */
  private static final long LEAVE_MS = 10_000;

  /** How often a runner's output is looked at. */
  private static final long OUTPUT_MS = 200;

  /** The output may take this long to arrive after the end of the spool; then the run ends without waiting for it. */
  private static final long OUTPUT_WAIT_MS = 10_000;

  /** Between two ticks of a machine that is awake and not overwhelmed is less than this. */
  private static final long ASLEEP_MS = 5_000;

  /** The pause after a refusal that passes by itself: a full disk, a store that is behind. */
  private static final long RETRY_MS = 500;

  private final Bus bus;
  private final Clock clock;
  private final AgentOptions options;
  private final Context context;
  private final Path spool;
  private final @Nullable RunnerProcess process;
  private final RunRecord record;
  private final boolean adopted;
  private final OutputTail output;
  private final BatchBuilder batch = new BatchBuilder();
  private final String run;
  private final int attempt;
  private final long fence;
  private SpoolReader reader;
  private long acknowledged;

  private boolean busy;
  private long nextPoll;
  private long nextOutput;
  private long outputPausedUntil;
  private long pausedUntil;
  private long lastTick;
  /** Silence is counted from here: since this looks, or since the machine woke up. */
  private long listeningSince;
  /** Whoever wrote the spool has come to its end, so what it printed before that is in its file. */
  private boolean written;
  private long writtenAt;
  /** All of the output has arrived, by a look at it after the end of the spool. */
  private boolean outputShipped;
  private boolean outputClosed;
  private long deadSince;
  private long endSeen;
  private long killAt = Long.MAX_VALUE;
  private String killReason = "";
  private @Nullable Ending killed;
  private Progress progress;
  private boolean unreachable;
  /** The run has ended for everybody, with points still to come. */
  private boolean deathReported;

  private boolean ending;
  private boolean ended;
  private boolean over;
  private boolean neverBegan;

  /**
   * @param process null when nothing is known of one: it never came to that
   * @param adopted from a hub that has died: it may have done so before the runner had its work
   * @param acknowledged where the store wants the next batch to start
   */
  Shipment(
      Bus bus,
      Clock clock,
      AgentOptions options,
      Context context,
      RunRecord record,
      Path spool,
      @Nullable RunnerProcess process,
      boolean adopted,
      long acknowledged)
      throws IOException {
    Attempt latest = Objects.requireNonNull(record.attempt());
    this.bus = bus;
    this.clock = clock;
    this.options = options;
    this.context = context;
    this.spool = spool;
    this.process = process;
    this.record = record;
    this.adopted = adopted;
    this.run = record.id();
    this.attempt = latest.number();
    this.fence = latest.fence();
    this.deathReported = record.state().ended();
    this.acknowledged = acknowledged;
    this.reader = SpoolReader.open(spool, acknowledged);
    this.output = new OutputTail(bus, run, attempt, new OutputLog(spool, reader.control()));
    this.progress = new Progress(run, attempt, 0, 0, 0, 0);
    if (record.stopRequested()) {
      stop(false);
    }
  }

  String run() {
    return run;
  }

  int attempt() {
    return attempt;
  }

  /** Nothing is left to do: the agent may forget this. */
  boolean over() {
    return over;
  }

  /** The hub died between the lease and the runner's beginning: nothing was logged, and the attempt can begin anew. */
  boolean neverBegan() {
    return neverBegan;
  }

  /** The run as it was when this began. */
  RunRecord record() {
    return record;
  }

  /** Asks the runner to stop; it is killed after the grace period, or at once. */
  void stop(boolean force) {
    control().requestStop();
    long deadline = force ? clock.millis() : clock.millis() + options.graceMs();
    if (deadline < killAt && killed == null) {
      killAt = deadline;
      killReason =
          force
              ? "It was killed by request."
              : "It did not stop within " + options.graceMs() / 1000.0 + " s and was killed.";
    }
  }

  /** Kills the runner and forgets the attempt: somebody else has it. */
  void abandon(String why) {
    log.warn("run {} attempt {} is given up: {}", run, attempt, why);
    if (process != null) {
      process.kill();
    }
    finish();
  }

  /** Lets go of the files without ending anything: the hub is leaving. */
  void release() {
    reader.close();
  }

  /** Does what is due. */
  void tick() {
    long now = clock.millis();
    if (now < pausedUntil) {
      return;
    }
    if (now - lastTick > ASLEEP_MS) {
      // While a machine sleeps its runners are as silent as this is deaf: no reason to give one up.
      listeningSince = now;
    }
    lastTick = now;
    watch(now);
    if (busy || over) {
      return;
    }
    if (now >= nextOutput) {
      nextOutput = now + OUTPUT_MS;
      shipOutput(ended && !alive());
    }
    if (ended) {
      if (!alive() && outputClosed) {
        finish();
      }
    } else if (!ending && now >= nextPoll) {
      poll(now);
    }
  }

  /** Something went wrong that is nobody's fault yet: does nothing for a while. */
  void pause() {
    pausedUntil = clock.millis() + RETRY_MS;
  }

  private Control control() {
    return reader.control();
  }

  private boolean alive() {
    return process != null && process.alive();
  }

  private void watch(long now) {
    boolean alive = alive();
    if (!alive && deadSince == 0) {
      deadSince = now;
    }
    if (alive && now >= killAt) {
      killAt = Long.MAX_VALUE;
      kill(new Ending(RunState.STOPPED, killReason, now));
    }
    if (alive && endSeen > 0 && now > endSeen + LEAVE_MS) {
      log.warn("the runner of run {} does not leave after its end; killed", run);
      process.kill();
    }
    if (alive) {
      listen(now);
    }
    Control.Progress far = control().progress();
    Progress latest = new Progress(run, attempt, far.step(), far.steps(), far.epoch(), far.epochs());
    if (!latest.equals(progress)) {
      progress = latest;
      bus.publish(Addresses.PROGRESS, latest);
    }
  }

  /**
   * Looks for the heartbeat: a process that is there but does not run is unreachable, and after a day it is given up.
   */
  private void listen(long now) {
    long heartbeat = control().heartbeat();
    long heard = Math.max(heartbeat, listeningSince);
    boolean silent = heartbeat > 0 && now - heard > options.silentMs();
    if (silent != unreachable) {
      unreachable = silent;
      // Asked when it is sent, and sent again after a refusal: what is stored last is what is so.
      apply(() -> new Change.MarkUnreachable(run, attempt, fence, unreachable ? control().heartbeat() : null));
    }
    if (silent && now - heard > options.abandonMs()) {
      kill(new Ending(RunState.FAILED, "Nothing was heard of it for " + options.abandonMs() / 3_600_000 + " h.", now));
    }
  }

  private void kill(Ending why) {
    killed = why;
    if (process != null) {
      process.kill();
    }
  }

  private void poll(long now) {
    int points;
    boolean dead = !alive();
    try {
      points = reader.poll(batch, BATCH_POINTS);
    } catch (IOException e) {
      log.error("the spool of run {} cannot be read; trying again", run, e);
      nextPoll = now + RETRY_MS;
      return;
    }
    Map<String, String> facts = batch.takeProvenance();
    List<Keepsake> keepsakes = batch.takeKeepsakes();
    if (batch.ending() != null && endSeen == 0) {
      endSeen = now;
    }
    boolean late = dead && now - deadSince > REPORT_DEATH_MS;
    boolean more = points > 0 || !keepsakes.isEmpty();
    if (more && late && batch.ending() == null && !control().ended()) {
      reportDeath();
    }
    if (facts.isEmpty() && keepsakes.isEmpty()) {
      go(points, false, dead, now);
    } else {
      // First these: once the points behind them are acknowledged, nobody reads them again.
      busy = true;
      store(facts)
          .compose(stored -> keep(keepsakes))
          .onComplete(
              kept -> {
                busy = false;
                if (!over) {
                  go(points, !keepsakes.isEmpty(), dead, clock.millis());
                }
              });
    }
  }

  private Future<Void> store(Map<String, String> facts) {
    return facts.isEmpty()
        ? Future.succeededFuture()
        : apply(() -> new Change.AddProvenance(run, attempt, fence, facts));
  }

  /** Again and again, while there is no room for them; those that are there already are dropped by their position. */
  private Future<Void> keep(List<Keepsake> keepsakes) {
    if (keepsakes.isEmpty() || over) {
      return Future.succeededFuture();
    }
    return bus.request(Addresses.KEEP, new Keep(run, attempt, spool.resolve(FILES), keepsakes))
        .<Void>mapEmpty()
        .recover(
            error -> {
              if (refusedForGood(error)) {
                abandon(error.getMessage());
                return Future.succeededFuture();
              }
              log.warn("what run {} has shown and kept waits in its spool: {}", run, error.getMessage());
              return context.owner().timer(RETRY_MS).compose(again -> keep(keepsakes));
            });
  }

  /**
   * What is next.
   *
   * @param others exhibits or files were read: perhaps not all that there are
   */
  private void go(int points, boolean others, boolean dead, long now) {
    if (points > 0) {
      send(new MetricBatch(run, attempt, fence, acknowledged, reader.position(), batch.take()), points);
    } else if (others && reader.position() - acknowledged >= ADVANCE) {
      // Nobody acknowledges what is no point; without this a run that only shows things would keep all its segments.
      send(new MetricBatch(run, attempt, fence, acknowledged, reader.position(), List.of()), 0);
    } else if (others) {
      nextPoll = now;
    } else if (reader.atEnd() || dead) {
      // Dead was asked before the poll: a process that was dead then has written nothing since.
      if (!written) {
        written = true;
        writtenAt = now;
      }
      if (outputShipped || now - writtenAt > OUTPUT_WAIT_MS) {
        end();
      } else {
        shipOutput(false);
        nextPoll = now + 10;
      }
    } else {
      nextPoll = now + 10;
    }
  }

  private void send(MetricBatch sent, int points) {
    busy = true;
    long at = clock.millis();
    bus.request(Addresses.APPEND, sent)
        .onSuccess(
            applied -> {
              busy = false;
              acknowledged = sent.nextSeq();
              nextPoll = points >= BATCH_POINTS || !alive() ? 0 : at + options.batchMs();
              try {
                reader.deleteBefore(acknowledged);
              } catch (IOException e) {
                log.warn("old segments of run {} cannot be deleted: {}", run, e.toString());
              }
            })
        .onFailure(error -> refused(sent, points, error));
  }

  private void refused(MetricBatch sent, int points, Throwable error) {
    if (error instanceof StoreException.Gap gap) {
      log.info("run {} goes on at {}: {}", run, gap.expectedSeq(), error.getMessage());
      try {
        // A reader that is closed says that it is at its end: so the old one goes only when there is a new one.
        SpoolReader again = SpoolReader.open(spool, gap.expectedSeq());
        reader.close();
        reader = again;
        acknowledged = gap.expectedSeq();
        busy = false;
      } catch (IOException e) {
        log.error("the spool of run {} cannot be reopened; trying again", run, e);
        context.owner().setTimer(RETRY_MS, later -> context.runOnContext(go -> refused(sent, points, error)));
      }
    } else if (refusedForGood(error)) {
      busy = false;
      abandon(error.getMessage());
    } else {
      log.warn("points of run {} wait in their spool: {}", run, error.getMessage());
      context.owner().setTimer(RETRY_MS, again -> context.runOnContext(go -> send(sent, points)));
    }
  }

  /** {@code last}: nothing can follow, so make it durable. */
  private void shipOutput(boolean last) {
    if (clock.millis() < outputPausedUntil) {
      return;
    }
    // A look from before the end misses the last lines, even if its answer comes after it.
    boolean afterEnd = written;
    output
        .ship(last)
        .onSuccess(
            all -> {
              outputShipped = all && afterEnd;
              outputClosed = all && last;
            })
        .onFailure(
            error -> {
              log.warn("the output of run {} waits: {}", run, error.getMessage());
              outputPausedUntil = clock.millis() + RETRY_MS;
            });
  }

  /** Its process is gone and left no end record: people should know at once, while its points still arrive. */
  private void reportDeath() {
    if (!deathReported) {
      deathReported = true;
      Ending death = death();
      apply(
          () ->
              new Change.EndAttempt(
                  run, attempt, fence, death.state(), death.reason(), death.at(), true, control().lost()));
    }
  }

  private Ending death() {
    if (killed != null) {
      return killed;
    }
    if (control().pid() == 0 && control().stopRequested()) {
      return new Ending(RunState.STOPPED, "It was stopped before its runner had begun.", deadSince);
    }
    boolean began = process != null || control().pid() != 0;
    String reason =
        began
            ? Ending.death(process == null ? OptionalInt.empty() : process.exit())
            : "The hub ended before its runner had begun. Run it again.";
    String lines = output.lastLines(5, 2_000);
    return new Ending(RunState.FAILED, lines.isEmpty() ? reason : reason + " Its last output:\n" + lines, deadSince);
  }

  private void end() {
    boolean untold = !deathReported && killed == null && batch.ending() == null;
    if (adopted && untold && control().pid() == 0 && !control().stopRequested()) {
      neverBegan = true;
      finish();
      return;
    }
    ending = true;
    Ending how = batch.ending() != null ? batch.ending() : death();
    long lost = control().lost();
    String damage = batch.damage();
    String text = damage == null ? how.reason() : (how.reason() + " Points are missing: " + damage).strip();
    @Nullable String reason = text.isEmpty() ? null : text;
    Change change =
        deathReported
            ? new Change.FinishDraining(run, attempt, fence, lost)
            : new Change.EndAttempt(run, attempt, fence, how.state(), reason, how.at(), false, lost);
    apply(() -> change).onComplete(done -> ended = true);
  }

  private void finish() {
    reader.close();
    over = true;
    try {
      Trees.delete(spool);
      Path ofRun = Optional.ofNullable(spool.getParent()).orElseThrow();
      boolean empty;
      try (Stream<Path> rest = Files.list(ofRun)) {
        empty = rest.findAny().isEmpty();
      }
      if (empty) {
        Files.delete(ofRun);
      }
    } catch (IOException e) {
      log.warn("the spool of run {} cannot be deleted: {}", run, e.toString());
    }
  }

  /** Whether asking again is of no use: somebody else has the run, or it has ended, or it is gone. */
  static boolean refusedForGood(Throwable error) {
    return error instanceof StoreException.NotFound
        || error instanceof StoreException.Conflict
        || error instanceof StoreException.StaleAttempt;
  }

  /**
   * Stores a change, again and again while the store refuses for a reason that passes; a refusal for good is logged.
   */
  private Future<Void> apply(Supplier<Change> change) {
    return bus.request(Addresses.APPLY, new Write(change.get(), null))
        .<Void>mapEmpty()
        .recover(
            error -> {
              if (refusedForGood(error)) {
                log.info("run {}: {}", run, error.getMessage());
                return Future.succeededFuture();
              }
              return context.owner().timer(RETRY_MS).compose(again -> apply(change));
            });
  }
}
