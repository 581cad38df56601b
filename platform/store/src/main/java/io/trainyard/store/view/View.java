package io.trainyard.store.view;

import io.trainyard.core.model.Experiment;
import io.trainyard.store.Phase;
import io.trainyard.store.chunk.ChunkFiles;
import io.trainyard.store.chunk.ChunkRef;
import io.trainyard.store.chunk.SeriesKey;
import io.trainyard.store.state.Capture;
import io.trainyard.store.state.ImageCodec;
import io.trainyard.store.state.ImageParser;
import io.trainyard.store.state.RunImage;
import io.trainyard.store.state.SeriesState;
import io.trainyard.store.state.Tally;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.mapdb.BTreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code view.db}: which chunks a series has, its summary up to there, and runs and experiments as of the last
 * checkpoint. The sealer writes, reader threads look up; a checkpoint keeps both out for a moment.
 *
 * <p>MapDB without transactions, mapped: 200,000 small puts a second, and worthless after a kill (its write-ahead log
 * is never replayed, 7 of 197 kills broke it). So the file is scratch: it is only ever opened from a checkpoint that
 * was just copied and checked, and everything in it can be had again from snapshot, chunks and journal. It is created
 * by the first chunk, so that a small store starts without loading MapDB at all.
 */
public final class View implements SeriesState.ChunkIndex {
  /** Gets what the view knows of each series. */
  @FunctionalInterface
  public interface SeriesVisitor {
    void series(SeriesKey key, long sealedSequence, Tally inChunks);
  }

  private static final Logger LOG = LoggerFactory.getLogger(View.class);

  private final @Nullable Path file;
  private final @Nullable Path checkpoint;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Map<String, Long> writtenVersions = new HashMap<>();
  private volatile @Nullable Maps maps;
  private volatile boolean exists;
  private volatile Checkpoint.@Nullable Knowledge knowledge;

  /** @param home null: in memory only, for a simulated disk */
  public View(@Nullable Path home) {
    file = home == null ? null : home.resolve("view.db");
    checkpoint = home == null ? null : home.resolve("view.ckpt");
  }

  /**
   * Makes the view from its checkpoint. Afterwards {@link #sequence} and {@link #synced} say what it knows; nothing if
   * there was none.
   */
  public void restore() throws IOException {
    if (file == null || checkpoint == null) {
      return;
    }
    Checkpoint.Knowledge known = Checkpoint.restore(checkpoint, file);
    if (known == null) {
      if (Files.exists(checkpoint)) {
        LOG.warn("{} is not what was written; the view is built again from the chunks", checkpoint);
        Files.delete(checkpoint);
      }
      Files.deleteIfExists(file);
      return;
    }
    knowledge = known;
    exists = true;
  }

  /** Whether there was a checkpoint. */
  public boolean restored() {
    return knowledge != null;
  }

  /** Runs and experiments are as after this change; -1 when there are none. */
  public long sequence() {
    return knowledge == null ? -1 : knowledge.sequence();
  }

  /** The chunks before this place are known. */
  public ChunkFiles.Position synced() {
    return knowledge == null ? ChunkFiles.Position.NONE : knowledge.synced();
  }

  /** Starts from nothing. */
  public void discard() throws IOException {
    lock.writeLock().lock();
    try {
      shutBroken();
      knowledge = null;
      exists = false;
      writtenVersions.clear();
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  public void forEachSeries(SeriesVisitor visitor) {
    forEach(
        Maps::series,
        (key, value) -> {
          Rows.SeriesRow row = Rows.seriesRow(value);
          visitor.series(Rows.seriesKey(key), row.sealedSequence(), row.tally());
        });
  }

  public void forEachRun(Consumer<RunImage> visitor) {
    forEach(
        Maps::runs,
        (key, value) -> {
          RunImage image = ImageParser.run(value);
          writtenVersions.put(image.run().id(), image.run().version());
          visitor.accept(image);
        });
  }

  public void forEachExperiment(Consumer<Experiment> visitor) {
    forEach(Maps::experiments, (key, value) -> visitor.accept(ImageParser.experiment(value)));
  }

  @FunctionalInterface
  private interface RowVisitor {
    void row(byte[] key, byte[] value);
  }

  private void forEach(Function<Maps, BTreeMap<byte[], byte[]>> map, RowVisitor visitor) {
    locked(
        open ->
            map.apply(open)
                .getEntries()
                .forEach(entry -> visitor.row(entry.getKey(), Rows.unguard(entry.getKey(), entry.getValue()))));
  }

  @Override
  public List<ChunkRef> chunks(SeriesKey key) {
    List<ChunkRef> found = new ArrayList<>();
    locked(open -> find(open, key, found));
    return found;
  }

  private static void find(Maps open, SeriesKey key, List<ChunkRef> found) {
    byte[] seriesKey = Rows.seriesKey(key);
    byte[] row = open.series().get(seriesKey);
    if (row == null) {
      return;
    }
    open.chunks()
        .subMap(Rows.firstChunkKey(seriesKey), true, Rows.lastChunkKey(seriesKey), true)
        .forEach((place, value) -> found.add(ChunkRef.fromBytes(Rows.unguard(place, value))));
    int promised = Rows.seriesRow(Rows.unguard(seriesKey, row)).chunks();
    if (promised != found.size()) {
      throw new ViewDamaged("view.db knows " + found.size() + " chunks instead of " + promised + " of " + key);
    }
  }

  /** Whether it knows such a chunk. */
  public boolean hasChunk(Predicate<ChunkRef> wanted) {
    boolean[] found = new boolean[1];
    forEach(Maps::chunks, (place, value) -> found[0] |= wanted.test(ChunkRef.fromBytes(value)));
    return found[0];
  }

  /** Chunks that were found in the files, in any order. */
  public void extend(SeriesKey key, List<ChunkRef> found) {
    // By arrival, for the later of two points with equal step and time is the last.
    List<ChunkRef> fresh = new ArrayList<>(found);
    fresh.sort(Comparator.comparingLong(ChunkRef::order));
    Rows.SeriesRow[] row = {new Rows.SeriesRow(0, 0, new Tally())};
    byte[] seriesKey = Rows.seriesKey(key);
    locked(
        open -> {
          byte[] before = open.series().get(seriesKey);
          if (before != null) {
            row[0] = Rows.seriesRow(Rows.unguard(seriesKey, before));
          }
        });
    long sequence = row[0].sealedSequence();
    for (ChunkRef chunk : fresh) {
      row[0].tally().add(chunk.summary());
      sequence = Math.max(sequence, chunk.journalSequence());
    }
    change(key, List.of(), fresh, sequence, row[0].tally());
  }

  /** New chunks of a series. Called by the sealer, likewise the next two. */
  public void add(SeriesKey key, List<ChunkRef> fresh, long sealedSequence, Tally inChunks) {
    change(key, List.of(), fresh, sealedSequence, inChunks);
  }

  /** Chunks in place of others. */
  public void move(SeriesKey key, List<ChunkRef> gone, List<ChunkRef> fresh, long sealedSequence, Tally inChunks) {
    change(key, gone, fresh, sealedSequence, inChunks);
  }

  private void change(
      SeriesKey key, List<ChunkRef> gone, List<ChunkRef> fresh, long sealedSequence, Tally inChunks) {
    exists = true;
    byte[] seriesKey = Rows.seriesKey(key);
    locked(
        open -> {
          byte[] before = open.series().get(seriesKey);
          int count = before == null ? 0 : Rows.seriesRow(Rows.unguard(seriesKey, before)).chunks();
          for (ChunkRef chunk : gone) {
            open.chunks().remove(Rows.chunkKey(seriesKey, chunk));
          }
          for (ChunkRef chunk : fresh) {
            byte[] place = Rows.chunkKey(seriesKey, chunk);
            open.chunks().put(place, Rows.guard(place, chunk.toBytes()));
          }
          byte[] row =
              Rows.seriesRow(new Rows.SeriesRow(sealedSequence, count - gone.size() + fresh.size(), inChunks));
          open.series().put(seriesKey, Rows.guard(seriesKey, row));
        });
  }

  /**
   * Brings runs and experiments up to date and copies the view: close, copy, open again (0.2 s for 252 MB). Lookups
   * wait meanwhile, the writer thread does not. Nothing happens as long as nothing was sealed.
   */
  public void checkpoint(Capture capture, ChunkFiles.Position synced) throws IOException {
    if (file == null || checkpoint == null || !exists) {
      return;
    }
    locked(open -> writeRows(open, capture));
    lock.writeLock().lock();
    Phase.COPYING_VIEW.enter();
    try {
      shut();
      Checkpoint.Knowledge known = new Checkpoint.Knowledge(capture.sequence(), synced);
      Checkpoint.write(file, checkpoint, known);
      knowledge = known;
    } finally {
      Phase.COPYING_VIEW.leave();
      lock.writeLock().unlock();
    }
  }

  private void writeRows(Maps open, Capture capture) {
    for (Experiment experiment : capture.experiments()) {
      byte[] key = experiment.id().getBytes(StandardCharsets.UTF_8);
      open.experiments().put(key, Rows.guard(key, ImageCodec.write(experiment)));
    }
    for (RunImage image : capture.runs()) {
      Long version = writtenVersions.put(image.run().id(), image.run().version());
      if (version == null || version != image.run().version()) {
        byte[] key = image.run().id().getBytes(StandardCharsets.UTF_8);
        open.runs().put(key, Rows.guard(key, ImageCodec.write(image)));
      }
    }
  }

  /** Does something with the open view, and nothing if there is none yet. */
  private void locked(Consumer<Maps> work) {
    while (exists) {
      create();
      lock.readLock().lock();
      try {
        Maps open = maps;
        if (open != null) {
          reading(() -> work.accept(open));
          return;
        }
        // A checkpoint has closed it in between.
      } finally {
        lock.readLock().unlock();
      }
    }
  }

  private static void reading(Runnable work) {
    try {
      work.run();
    } catch (ViewDamaged damaged) {
      throw damaged;
    } catch (RuntimeException | StackOverflowError | InternalError failure) {
      // MapDB answers broken files with whatever it runs into: index out of bounds, null pointers, its own DBException.
      // An InternalError is the
      // JVM's word for a page of a mapped file that the disk has no room for.
      throw new ViewDamaged("view.db cannot be read: " + failure, failure);
    }
  }

  /** Opens the view, making it if need be. After a checkpoint it is closed until somebody needs it. */
  private void create() {
    if (maps != null) {
      return;
    }
    lock.writeLock().lock();
    try {
      if (maps == null) {
        maps = Maps.open(file);
      }
    } catch (RuntimeException | InternalError failure) {
      throw new ViewDamaged("view.db cannot be opened: " + failure, failure);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** What is going to be deleted need not be closed in order. */
  private void shutBroken() {
    try {
      shut();
    } catch (RuntimeException | InternalError broken) {
      LOG.info("view.db could not be closed and is discarded all the same: {}", broken.toString());
    }
  }

  private void shut() {
    Maps open = maps;
    maps = null;
    if (open != null) {
      open.db().close();
    }
  }

  /** The file and its checkpoint. */
  public long bytes() {
    try {
      return size(file) + size(checkpoint);
    } catch (IOException gone) {
      return 0;
    }
  }

  private static long size(@Nullable Path path) throws IOException {
    return path != null && Files.exists(path) ? Files.size(path) : 0;
  }

  /**
   * Checks the checkpoint, for the scrub. Answers its bytes, 0 when there is none; fails when it is not what was
   * written.
   */
  public long verifyCheckpoint() throws IOException {
    if (checkpoint == null || !Files.exists(checkpoint)) {
      return 0;
    }
    if (Checkpoint.verify(checkpoint) == null) {
      throw new ViewDamaged(
          "view.ckpt: its checksum is wrong; it will be built again from the chunks, nothing is lost");
    }
    return Files.size(checkpoint);
  }

  public void close() {
    lock.writeLock().lock();
    try {
      shut();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
