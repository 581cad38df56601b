package io.trainyard.store;

import io.trainyard.core.model.Experiment;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.SeriesData;
import io.trainyard.core.model.SeriesSummary;
import io.trainyard.core.store.Applied;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.IdempotencyKey;
import io.trainyard.core.store.PointsQuery;
import io.trainyard.core.store.RunPage;
import io.trainyard.core.store.RunQuery;
import io.trainyard.core.store.RunStore;
import io.trainyard.core.store.ScrubReport;
import io.trainyard.core.store.StoreException;
import io.trainyard.core.store.StoreStatus;
import io.trainyard.store.chunk.ChunkFiles;
import io.trainyard.store.disk.Disk;
import io.trainyard.store.disk.RealDisk;
import io.trainyard.store.journal.Journal;
import io.trainyard.store.read.ReaderPool;
import io.trainyard.store.read.Reads;
import io.trainyard.store.seal.Retirement;
import io.trainyard.store.seal.Sealer;
import io.trainyard.store.snapshot.Snapshots;
import io.trainyard.store.state.State;
import io.trainyard.store.view.View;
import io.trainyard.store.view.ViewDamaged;
import io.trainyard.store.write.Writer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs and their points in a folder, safe from kill -9, power loss and a full disk. Any thread may call; stages
 * complete on the store's threads.
 *
 * <p>How it works, from the outside in. A change goes to the {@link Writer}, which checks it, appends it to the {@link
 * Journal}, syncs, and only then changes the {@link State} that {@link Reads} see. New points gather in memory, one
 * head a series; the {@link Sealer} compresses full heads into {@link ChunkFiles} and notes the chunks in the {@link
 * View}. Once all points of old journal segments are in synced chunks, {@link Retirement} writes a snapshot of
 * everything else and deletes the segments. {@link Opening} is the way back. Formats and promises:
 * docs/decisions/0002-the-store.md.
 */
public final class TrainyardStore implements RunStore {
  private static final Logger LOG = LoggerFactory.getLogger(TrainyardStore.class);

  private final @Nullable StoreLock lock;
  private final State state;
  private final Health health;
  private final View view;
  private final ChunkFiles files;
  private final Journal journal;
  private final Writer writer;
  private final Sealer sealer;
  private final Retirement retirement;
  private final ReaderPool readers = new ReaderPool();
  private final Reads reads;
  private final Scrub scrub;
  private final AtomicBoolean closed = new AtomicBoolean();

  private TrainyardStore(@Nullable StoreLock lock, Disk disk, Opening opened, StoreOptions options) {
    this.lock = lock;
    state = opened.state;
    health = opened.health;
    view = opened.view;
    files = opened.files;
    journal = opened.journal;
    Snapshots snapshots = opened.snapshots;
    retirement = new Retirement(options, state, journal, files, snapshots, view, health);
    sealer = new Sealer(disk, options, state, files, view, retirement, health);
    writer = new Writer(disk, options, journal, state, health, sealer);
    retirement.writer(writer);
    reads = new Reads(state, files, view, options.clock());
    scrub = new Scrub(disk, journal, files, snapshots, view, health);
    opened.heads.forEach(sealer::seal);
    writer.start();
    sealer.start();
  }

  /**
   * Opens a data folder, creating it if need be. Fails with {@link StoreException.Unusable} when that cannot be. Blocks
   * for as long as recovery takes.
   */
  public static TrainyardStore open(Path home, StoreOptions options) {
    StoreLock lock = null;
    try {
      lock = StoreLock.take(home);
      return open(new RealDisk(home), home, options, lock);
    } catch (IOException failure) {
      release(lock);
      throw new StoreException.Unusable("The data folder " + home + " cannot be used: " + failure.getMessage());
    } catch (RuntimeException failure) {
      release(lock);
      throw failure;
    }
  }

  /** For tests: any disk, the view in memory. */
  static TrainyardStore open(Disk disk, StoreOptions options) throws IOException {
    return open(disk, null, options, null);
  }

  private static TrainyardStore open(
      Disk disk, @Nullable Path home, StoreOptions options, @Nullable StoreLock lock) throws IOException {
    Phase.RECOVERING.enter();
    try {
      return new TrainyardStore(lock, disk, new Opening(disk, home, options), options);
    } finally {
      Phase.RECOVERING.leave();
    }
  }

  private static void release(@Nullable StoreLock lock) {
    if (lock != null) {
      try {
        lock.close();
      } catch (IOException failure) {
        LOG.warn("The lock could not be given back", failure);
      }
    }
  }

  @Override
  public CompletionStage<Applied> apply(Change change) {
    return writer.submit(change, null);
  }

  @Override
  public CompletionStage<Applied> apply(Change change, IdempotencyKey key) {
    return writer.submit(change, key);
  }

  @Override
  public CompletionStage<List<Experiment>> experiments(boolean deleted) {
    return ask(() -> reads.experiments(deleted));
  }

  @Override
  public CompletionStage<Optional<Experiment>> experiment(String id) {
    return ask(() -> reads.experiment(id));
  }

  @Override
  public CompletionStage<Optional<Experiment>> experimentByName(String name) {
    return ask(() -> reads.experimentByName(name));
  }

  @Override
  public CompletionStage<Long> runCount(String experiment) {
    return ask(() -> reads.runCount(experiment));
  }

  @Override
  public CompletionStage<Optional<RunRecord>> run(String id) {
    return ask(() -> reads.run(id));
  }

  @Override
  public CompletionStage<List<String>> runIds(String prefix, int limit) {
    return ask(() -> reads.runIds(prefix, limit));
  }

  @Override
  public CompletionStage<RunPage> runs(RunQuery query) {
    return ask(() -> reads.runs(query));
  }

  @Override
  public CompletionStage<List<RunRecord>> consumers(String run) {
    return ask(() -> reads.consumers(run));
  }

  @Override
  public CompletionStage<List<SeriesSummary>> series(String run) {
    return ask(() -> reads.series(run));
  }

  @Override
  public CompletionStage<SeriesData> points(PointsQuery query) {
    return ask(() -> reads.points(query));
  }

  @Override
  public CompletionStage<Long> nextSeq(String run, int attempt) {
    return ask(() -> reads.nextSeq(run, attempt));
  }

  private <T> CompletionStage<T> ask(Supplier<T> question) {
    return readers.ask(
        () -> {
          try {
            return question.get();
          } catch (ViewDamaged damaged) {
            sealer.viewIsDamaged(damaged);
            throw new StoreException.Damaged(
                "The index of the chunks, view.db, is not what was written. It is being built again, nothing is lost;"
                    + " ask again.");
          }
        });
  }

  @Override
  public StoreStatus status() {
    return new StoreStatus(
        health.writable() && !closed.get(),
        closed.get() ? "The store is closed." : health.reason(),
        health.damage(),
        journal.bytes(),
        files.bytes(),
        view.bytes(),
        writer.pending(),
        state.points(),
        journal.fsyncs(),
        journal.fsyncNanos());
  }

  @Override
  public CompletionStage<ScrubReport> scrub() {
    return ask(scrub::run);
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      sealer.close();
      writer.close();
      retirement.finish();
      readers.close();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException failure) {
      LOG.warn("The store could not be closed in order; the next start recovers", failure);
    }
    letGo();
  }

  private void letGo() {
    view.close();
    try {
      files.close();
      journal.close();
    } catch (IOException failure) {
      LOG.warn("A file could not be closed", failure);
    }
    release(lock);
  }
}
