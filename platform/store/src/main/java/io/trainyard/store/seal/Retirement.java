package io.trainyard.store.seal;

import io.trainyard.store.Health;
import io.trainyard.store.StoreOptions;
import io.trainyard.store.chunk.ChunkFiles;
import io.trainyard.store.disk.DiskFullException;
import io.trainyard.store.journal.Journal;
import io.trainyard.store.journal.Segment;
import io.trainyard.store.snapshot.Snapshots;
import io.trainyard.store.state.Capture;
import io.trainyard.store.state.FrozenHead;
import io.trainyard.store.state.State;
import io.trainyard.store.view.View;
import io.trainyard.store.write.Writer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when the journal has grown enough for a snapshot to pay, and lets its oldest segments go. On the sealer's
 * thread; the store calls {@link #finish} when that has ended.
 *
 * <p>The order is what makes it safe: seal every head that keeps an old record alive, sync the chunks, make the
 * snapshot durable, only then delete segments (oldest first), and then older snapshots. A kill between any two of these
 * leaves more than is needed, never less.
 */
public final class Retirement {
  private static final Logger LOG = LoggerFactory.getLogger(Retirement.class);

  /** A smaller journal is left to the next start, which reads it in some milliseconds. */
  private static final long WORTH_IT = 1 << 20;

  private static final long WORTH_A_CHUNK = 1 << 10;

  private final StoreOptions options;
  private final State state;
  private final Journal journal;
  private final ChunkFiles files;
  private final Snapshots snapshots;
  private final View view;
  private final Health health;
  private long checkpointedAt;

  /** Every record up to this one is in a snapshot and in synced chunks. */
  private long kept;

  private volatile Writer writer;

  public Retirement(
      StoreOptions options,
      State state,
      Journal journal,
      ChunkFiles files,
      Snapshots snapshots,
      View view,
      Health health) {
    this.options = options;
    this.state = state;
    this.journal = journal;
    this.files = files;
    this.snapshots = snapshots;
    this.view = view;
    this.health = health;
  }

  /** Before the threads start. */
  public void writer(Writer thread) {
    writer = thread;
  }

  /**
   * The snapshot must not cost more than what it retires: with many runs it is written less often. Cheap: the writer
   * asks after every group.
   */
  boolean isDue() {
    return journal.finishedBytes() > Math.max(options.segmentBytes() / 2, 2 * snapshots.bytes());
  }

  /**
   * Not when the journal is small, and not when its points are spread over so many series that each would get a tiny
   * chunk.
   */
  boolean isWorthItAtClose(Sealer sealer) throws IOException {
    return health.writable()
        && journal.bytes() > WORTH_IT
        && journal.bytes() / (1 + onWriter(sealer, state::heads)) > WORTH_A_CHUNK;
  }

  /** @param all whether the segment that is being written is to go too */
  void run(Sealer sealer, boolean all) throws IOException {
    List<Segment> finished = all ? journal.segments() : journal.finished();
    if (finished.isEmpty()) {
      return;
    }
    long through = all ? Long.MAX_VALUE : finished.get(finished.size() - 1).lastSequence();
    Capture capture =
        onWriter(
            sealer,
            () -> {
              if (all) {
                journal.roll();
              }
              return capture(through, sealer::seal);
            });
    sealer.round();
    ChunkFiles.Position synced = files.sync();
    snapshots.write(capture, synced);
    // The snapshot knows everything up to its own change, but the chunks only what was frozen for it.
    kept = Math.min(through, capture.sequence());
    journal.retire(kept);
    snapshots.forgetOlder();
  }

  private Capture capture(long through, Consumer<FrozenHead> seal) {
    state.freezeThrough(through, seal);
    return state.capture();
  }

  private <T> T onWriter(Sealer sealer, Supplier<T> work) throws IOException {
    try {
      return sealer.awaitWriter(writer.between(work));
    } catch (CompletionException failure) {
      throw new IOException("the writer thread has ended", failure.getCause());
    }
  }

  void checkpointIfDue(Sealer sealer) throws IOException {
    if (journal.writtenBytes() - checkpointedAt >= options.checkpointBytes()) {
      Capture capture = onWriter(sealer, state::capture);
      checkpointedAt = journal.writtenBytes();
      try {
        view.checkpoint(capture, files.sync());
      } catch (DiskFullException full) {
        // It would only have made the next start faster: no reason to refuse writes.
        LOG.warn("The view is not checkpointed now: {}", full.getMessage());
      }
    }
  }

  /** The last things, when both threads have ended. */
  public void finish() throws IOException {
    if (!health.writable()) {
      return;
    }
    journal.retire(kept);
    view.checkpoint(state.capture(), files.sync());
  }
}
