package io.trainyard.store.seal;

import io.trainyard.core.store.StoreException;
import io.trainyard.store.Health;
import io.trainyard.store.Phase;
import io.trainyard.store.StoreOptions;
import io.trainyard.store.chunk.ChunkFiles;
import io.trainyard.store.chunk.ChunkMerger;
import io.trainyard.store.chunk.ChunkRef;
import io.trainyard.store.chunk.Move;
import io.trainyard.store.disk.Disk;
import io.trainyard.store.disk.DiskFullException;
import io.trainyard.store.state.FrozenHead;
import io.trainyard.store.state.RunEntry;
import io.trainyard.store.state.SeriesState;
import io.trainyard.store.state.State;
import io.trainyard.store.view.View;
import io.trainyard.store.view.ViewDamaged;
import io.trainyard.store.write.Writer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread "store-sealer": writes frozen heads into chunks, merges chunks that overlap, retires the journal and
 * checkpoints the view. Nothing waits for it, but the writer when memory fills up: all that it does can be done again
 * after a kill.
 *
 * <p>A round appends many series and syncs once. Only then do the chunks take the place of the heads, in the view and
 * for readers. The points are in the journal until a snapshot says that their chunks are synced, so a round that is
 * lost costs nothing.
 */
public final class Sealer implements Writer.Sealing {
  private static final Logger LOG = LoggerFactory.getLogger(Sealer.class);
  private static final long RETRY_MILLIS = 500;

  /**
   * Chunks are merged when so much of their points came out of order: below it, each point would be written too often.
   */
  private static final double LATE_SHARE = 0.02;

  private final Disk disk;
  private final StoreOptions options;
  private final State state;
  private final ChunkFiles files;
  private final ChunkMerger merger;
  private final View view;
  private final Health health;
  private final Backlog backlog;
  private final Thread thread;
  private final Retirement retirement;
  private volatile boolean stuck;
  private volatile @Nullable ViewDamaged viewDamage;

  public Sealer(
      Disk disk, StoreOptions options, State state, ChunkFiles files, View view, Retirement retirement, Health health) {
    this.disk = disk;
    this.options = options;
    this.state = state;
    this.files = files;
    this.merger = new ChunkMerger(files);
    this.view = view;
    this.health = health;
    this.retirement = retirement;
    backlog = new Backlog(options.headPoints());
    thread = new Thread(this::run, "store-sealer");
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
    backlog.poke();
  }

  @Override
  public void seal(FrozenHead head) {
    backlog.add(head);
  }

  @Override
  public void awaitRoom() throws InterruptedException {
    if (retirement.isDue()) {
      backlog.poke();
    }
    backlog.awaitRoom();
  }

  /** The chunk files cannot be written; the writer must not take more points than memory holds. */
  @Override
  public boolean isStuck() {
    return stuck;
  }

  /** Ends the thread after what it is at, and what is worth doing before the end. */
  public void close() throws InterruptedException {
    backlog.close();
    thread.join();
  }

  private void run() {
    try {
      while (!backlog.closed()) {
        backlog.await(options.sealDelayMillis());
        attempt(false);
      }
      attempt(true);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (Throwable failure) {
      LOG.error("The store's sealer thread ended", failure);
      health.failed("The store's sealer thread ended: " + failure
          + ". Restart to go on; what was acknowledged is safe.");
    } finally {
      backlog.close();
    }
  }

  private void attempt(boolean last) throws InterruptedException {
    if (health.hasFailed()) {
      return;
    }
    try {
      if (!last) {
        needRoom();
      }
      ViewDamaged found = viewDamage;
      if (found != null) {
        viewDamage = null;
        rebuildView(found);
      }
      if (!last) {
        round();
      }
      if (last ? retirement.isWorthItAtClose(this) : retirement.isDue()) {
        retirement.run(this, last);
      }
      if (!last) {
        retirement.checkpointIfDue(this);
      }
      stuck = false;
    } catch (DiskFullException full) {
      waitForRoom(full.getMessage());
    } catch (ViewDamaged damaged) {
      rebuildView(damaged);
    } catch (IOException | StoreException failure) {
      LOG.error("Chunks could not be written", failure);
      health.failed("The store has stopped taking writes: " + failure.getMessage()
          + ". What was acknowledged is safe. Check the disk, then restart.");
    }
  }

  /**
   * Half of the reserve is for what has begun. Below it nothing is begun: MapDB's mapped file would break at the end of
   * the disk, and readers need it.
   */
  private void needRoom() throws IOException {
    long free = disk.freeBytes();
    if (free < options.reserveBytes() / 2) {
      throw new DiskFullException("only " + (free >> 20) + " MiB are left");
    }
  }

  private void waitForRoom(@Nullable String why) throws InterruptedException {
    if (!stuck) {
      LOG.warn("The disk is full; sealing waits for room: {}", why);
    }
    stuck = true;
    backlog.pause(RETRY_MILLIS);
    backlog.poke();
  }

  /** Waits for something that only the writer thread can do, which therefore must not wait for room meanwhile. */
  <T> T awaitWriter(CompletableFuture<T> work) {
    backlog.open(true);
    try {
      return work.join();
    } finally {
      backlog.open(false);
    }
  }

  /** Seals everything that waits. */
  void round() throws IOException {
    List<FrozenHead> heads = backlog.waiting();
    if (heads.isEmpty()) {
      return;
    }
    Phase.SEALING.enter();
    try {
      List<List<ChunkRef>> fresh = append(heads);
      files.sync();
      Set<SeriesState> outOfOrder = new LinkedHashSet<>();
      ViewDamaged damaged = null;
      for (int i = 0; i < heads.size(); i++) {
        FrozenHead head = heads.get(i);
        SeriesState series = head.series();
        List<ChunkRef> chunks = fresh.get(i);
        long before = series.sealedTo();
        try {
          series.sealed(
              head, chunks, () -> view.add(series.key(), chunks, series.sealedSequence(), series.sealedTally()));
        } catch (ViewDamaged failure) {
          // The chunks count, whatever the view is: sealing them again would store them twice.
          damaged = failure;
        }
        if (chunks.stream().anyMatch(chunk -> chunk.summary().firstStep() <= before)) {
          outOfOrder.add(series);
        }
      }
      backlog.done(heads);
      if (damaged != null) {
        throw damaged;
      }
      for (SeriesState series : outOfOrder) {
        merge(series);
      }
    } finally {
      Phase.SEALING.leave();
    }
  }

  private List<List<ChunkRef>> append(List<FrozenHead> heads) throws IOException {
    List<List<ChunkRef>> fresh = new ArrayList<>(heads.size());
    Map<SeriesState, Long> sealedTo = new HashMap<>();
    for (FrozenHead head : heads) {
      SeriesState series = head.series();
      long before = sealedTo.getOrDefault(series, series.sealedTo());
      fresh.add(files.append(series.key(), head.sequence(), before, head.points()));
      sealedTo.put(series, Math.max(before, head.points().steps()[head.count() - 1]));
    }
    return fresh;
  }

  private void merge(SeriesState series) throws IOException {
    List<List<ChunkRef>> groups = ChunkMerger.plan(series.chunks(view), LATE_SHARE);
    List<Move> moves = new ArrayList<>();
    for (List<ChunkRef> group : groups) {
      moves.add(merger.merge(series.key(), group));
    }
    if (moves.isEmpty()) {
      return;
    }
    files.sync();
    for (Move move : moves) {
      apply(series, move);
    }
    reclaim();
  }

  /** Gives back the room of files that are mostly superseded. */
  private void reclaim() throws IOException {
    List<Move> moves = files.evacuate(new LiveChunks(state, view));
    if (!moves.isEmpty()) {
      files.sync();
      for (Move move : moves) {
        RunEntry run = state.run(move.key().run());
        SeriesState series = run == null ? null : run.find(move.key().attempt(), move.key().series());
        if (series != null) {
          apply(series, move);
        }
      }
    }
    files.deleteDead(new LiveChunks(state, view));
  }

  private void apply(SeriesState series, Move move) {
    series.moved(
        move.gone(),
        move.fresh(),
        () ->
            view.move(move.key(), move.gone(), move.fresh(), series.sealedSequence(), series.sealedTally()));
  }

  /** A reader ran into it. */
  public void viewIsDamaged(ViewDamaged damage) {
    viewDamage = damage;
    backlog.poke();
  }

  /** A full disk is what breaks a view, and stands in the way of a new one: that passes, so it is tried again. */
  private void rebuildView(ViewDamaged damaged) throws InterruptedException {
    LOG.warn("The view is damaged and is built again: {}", damaged.getMessage());
    try {
      needRoom();
      ViewBuilder.rebuild(view, files, health);
    } catch (DiskFullException full) {
      viewDamage = damaged;
      waitForRoom(full.getMessage());
    } catch (IOException | RuntimeException failure) {
      health.failed("The index of the chunks could not be built again: " + failure + ". Restart to go on.");
    }
  }
}
