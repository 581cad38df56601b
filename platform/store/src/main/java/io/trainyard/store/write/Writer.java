package io.trainyard.store.write;

import io.trainyard.core.model.Experiment;
import io.trainyard.core.store.Applied;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.IdempotencyKey;
import io.trainyard.core.store.StoreException;
import io.trainyard.store.Health;
import io.trainyard.store.StoreOptions;
import io.trainyard.store.disk.Disk;
import io.trainyard.store.disk.DiskFullException;
import io.trainyard.store.journal.Group;
import io.trainyard.store.journal.Journal;
import io.trainyard.store.state.FrozenHead;
import io.trainyard.store.state.KeyEntry;
import io.trainyard.store.state.RunEntry;
import io.trainyard.store.state.RunImage;
import io.trainyard.store.state.State;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that changes anything, "store-writer". It takes all that waits, checks each change against the state
 * that the ones before it will leave, makes the lot durable with one write and one fsync, then shows it to readers,
 * then completes the stages in order. Any thread submits.
 *
 * <p>Group commit needs no timer: while one group is being synced, the next one gathers by itself.
 */
public final class Writer {
  /**
   * Takes frozen heads. {@link #awaitRoom} holds the writer thread back when too many points wait in memory; while it
   * is stuck, no points are taken.
   */
  public interface Sealing {
    void seal(FrozenHead head);

    void awaitRoom() throws InterruptedException;

    boolean isStuck();
  }

  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

  /** Bounds the bytes of one write, and how long the first change of a group waits for the last one. */
  private static final long GROUP_POINTS = 250_000;

  private static final long FULL_DISK_POLL_MILLIS = 250;

  private final Disk disk;
  private final StoreOptions options;
  private final Journal journal;
  private final State state;
  private final Health health;
  private final Sealing sealing;
  private final WriteQueue queue;
  private final Draft draft;
  private final Decider decider;
  private final Thread thread;

  public Writer(Disk disk, StoreOptions options, Journal journal, State state, Health health, Sealing sealing) {
    this.disk = disk;
    this.options = options;
    this.journal = journal;
    this.state = state;
    this.health = health;
    this.sealing = sealing;
    queue = new WriteQueue(options.queueChanges(), options.queuePoints());
    draft = new Draft(state);
    decider = new Decider(draft);
    thread = new Thread(this::run, "store-writer");
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  public CompletionStage<Applied> submit(Change change, @Nullable IdempotencyKey key) {
    if (health.hasFailed()) {
      return CompletableFuture.failedStage(new StoreException.Unusable(health.reason()));
    }
    Pending pending = new Pending(change, key);
    return switch (queue.put(pending)) {
      case DONE -> pending.stage;
      case FULL ->
          CompletableFuture.failedStage(
              new StoreException.Overloaded("Too many changes wait for the disk (" + queue.size()
                  + "); send this one again later."));
      case CLOSED -> CompletableFuture.failedStage(new StoreException.Unusable("The store is closed."));
    };
  }

  /** Runs something on the writer thread, between two groups. */
  public <T> CompletableFuture<T> between(Supplier<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Pending control =
        new Pending(
            () -> {
              try {
                result.complete(work.get());
              } catch (RuntimeException failure) {
                result.completeExceptionally(failure);
              }
            });
    if (queue.put(control) != WriteQueue.Put.DONE) {
      result.completeExceptionally(new StoreException.Unusable("The store is closed."));
    }
    return result;
  }

  public int pending() {
    return queue.size();
  }

  /** Lets what was accepted become durable, marks the journal as closed in order, and waits for the thread. */
  public void close() throws InterruptedException {
    queue.close();
    thread.join();
  }

  private void run() {
    try {
      while (!queue.drained()) {
        List<Pending> taken = queue.take(GROUP_POINTS, health.isFull()
            ? FULL_DISK_POLL_MILLIS : Long.MAX_VALUE / 2_000_000);
        if (taken.isEmpty()) {
          if (health.isFull() && room(0)) {
            LOG.info("There is room on the disk again; writes are taken.");
            health.roomAgain();
          }
          continue;
        }
        process(taken);
      }
      writeClosed();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      health.failed("The store's writer thread was interrupted.");
    } catch (Throwable failure) {
      LOG.error("The store's writer thread ended", failure);
      health.failed("The store's writer thread ended: " + failure + ". Restart to recover what was accepted.");
    } finally {
      refuseWhatWaits();
    }
  }

  private void refuseWhatWaits() {
    queue.close();
    try {
      for (List<Pending> left = queue.take(Long.MAX_VALUE, 0); !left.isEmpty(); left = queue.take(Long.MAX_VALUE, 0)) {
        for (Pending pending : left) {
          if (pending.control != null) {
            pending.control.run();
          } else {
            pending.stage.completeExceptionally(new StoreException.Unusable(health.reason()));
          }
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void process(List<Pending> taken) throws InterruptedException {
    draft.clear();
    for (Pending pending : taken) {
      if (!pending.isControl()) {
        decide(pending);
      }
    }
    StoreException failure = commit();
    if (failure == null) {
      for (Pending pending : taken) {
        show(pending);
      }
      state.sequence(journal.group().syncedSequence());
    }
    for (Pending pending : taken) {
      if (pending.control != null) {
        pending.control.run();
      } else if (failure != null) {
        pending.stage.completeExceptionally(failure);
      } else {
        pending.complete();
      }
    }
    sealing.awaitRoom();
  }

  private void decide(Pending pending) {
    Group group = journal.group();
    try {
      long now = options.clock().getAsLong();
      if (pending.key != null && replayed(pending, pending.key, now)) {
        return;
      }
      Decision decision = decider.decide(Objects.requireNonNull(pending.change));
      KeyEntry entry = pending.key == null ? null : entry(pending.key, decision, now);
      if (entry != null || !(decision instanceof Decision.Already)) {
        pending.sequence = Records.write(group, decision, entry);
      }
      pending.decision = decision;
      pending.entry = entry;
      pending.applied = outcome(decision, group.nextSequence() - 1);
      if (entry != null) {
        draft.put(entry);
      }
    } catch (StoreException refusal) {
      pending.refusal = refusal;
    } catch (RuntimeException failure) {
      group.abandon();
      LOG.error("A change could not be worked out", failure);
      pending.refusal = new StoreException.Conflict("This change cannot be stored: " + failure.getMessage());
    }
  }

  private boolean replayed(Pending pending, IdempotencyKey key, long now) {
    KeyEntry known = draft.key(key.key(), now);
    if (known == null) {
      return false;
    }
    if (!known.fingerprint().equals(key.fingerprint())) {
      throw new StoreException.KeyReused(
          "The idempotency key \"" + key.key()
              + "\" came with another request before; use a new key for a new request.");
    }
    RunImage image = known.aboutRun() ? draft.run(known.target()) : null;
    Experiment experiment = known.aboutRun() ? null : draft.experiment(known.target());
    long version = image == null ? 0 : image.run().version();
    pending.applied =
        new Applied(journal.group().nextSequence() - 1, true, false, version, experiment, image == null
            ? null : image.run());
    return true;
  }

  /** Also puts the outcome into the draft, for the changes behind it. */
  private Applied outcome(Decision decision, long sequence) {
    if (decision instanceof Decision.PutRun put) {
      draft.put(put.image());
      return new Applied(sequence, false, false, put.previousVersion(), null, put.image().run());
    }
    if (decision instanceof Decision.PutPoints put) {
      draft.put(put.image());
      return new Applied(sequence, false, false, put.previousVersion(), null, put.image().run());
    }
    if (decision instanceof Decision.PutExperiment put) {
      draft.put(put.experiment());
      return new Applied(sequence, false, false, 0, put.experiment(), null);
    }
    Decision.Already already = (Decision.Already) decision;
    RunImage image = already.image();
    return new Applied(
        sequence,
        false,
        already.duplicate(),
        image == null ? 0 : image.run().version(),
        already.experiment(),
        image == null ? null : image.run());
  }

  private static KeyEntry entry(IdempotencyKey key, Decision decision, long now) {
    String run = null;
    String experiment = "";
    if (decision instanceof Decision.PutRun put) {
      run = put.image().run().id();
    } else if (decision instanceof Decision.PutPoints put) {
      run = put.image().run().id();
    } else if (decision instanceof Decision.PutExperiment put) {
      experiment = put.experiment().id();
    } else if (decision instanceof Decision.Already already) {
      run = already.image() == null ? null : already.image().run().id();
      experiment = already.experiment() == null ? "" : already.experiment().id();
    }
    return new KeyEntry(key.key(), key.fingerprint(), now, run != null, run != null ? run : experiment);
  }

  /** Null when the group is durable, or there was nothing to write. */
  private @Nullable StoreException commit() {
    Group group = journal.group();
    if (health.hasFailed()) {
      group.discard();
      return health.refusal();
    }
    if (group.isEmpty()) {
      return null;
    }
    try {
      if (!room(group.bytes())) {
        group.discard();
        return health.refusal();
      }
      journal.commit();
      health.roomAgain();
      return null;
    } catch (DiskFullException full) {
      full(full.getMessage());
    } catch (IOException failure) {
      LOG.error("The journal could not be written", failure);
      health.failed(
          "The store has stopped taking writes: " + failure.getMessage()
              + ". What was acknowledged is safe. Check the disk, then restart.");
    }
    group.discard();
    return health.refusal();
  }

  private boolean room(long bytes) {
    if (sealing.isStuck()) {
      full("chunks cannot be written");
      return false;
    }
    try {
      long free = disk.freeBytes();
      if (free >= options.reserveBytes() + bytes) {
        return true;
      }
      full("only " + (free >> 20) + " MiB are left");
    } catch (IOException failure) {
      full("its free space cannot be read: " + failure.getMessage());
    }
    return false;
  }

  private void full(String why) {
    if (!health.isFull()) {
      LOG.warn("The disk is full, writes are refused: {}", why);
    }
    health.full("The disk of the data folder is full (" + why
        + "): writes are refused until there is room, reads go on.");
  }

  private void show(Pending pending) {
    if (pending.refusal != null || pending.decision == null) {
      return;
    }
    if (pending.entry != null) {
      state.keys().put(pending.entry);
    }
    if (pending.decision instanceof Decision.PutRun put) {
      state.put(put.image());
    } else if (pending.decision instanceof Decision.PutExperiment put) {
      state.put(put.experiment());
    } else if (pending.decision instanceof Decision.PutPoints put) {
      RunEntry entry = state.put(put.image());
      state.append(entry, put.batch(), pending.sequence, options.sealPoints(), sealing::seal);
    }
  }

  /**
   * What makes a flipped bit in the last record of a closed store tellable from a torn tail. Nothing is lost without
   * it.
   */
  private void writeClosed() {
    if (!health.writable()) {
      return;
    }
    Records.writeClosed(journal.group());
    StoreException failure = commit();
    if (failure != null) {
      LOG.warn("The journal could not be marked as closed: {}", failure.getMessage());
    }
  }
}
