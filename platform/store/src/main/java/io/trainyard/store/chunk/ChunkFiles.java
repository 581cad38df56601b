package io.trainyard.store.chunk;

import io.trainyard.core.store.ScrubReport;
import io.trainyard.core.store.StoreException;
import io.trainyard.store.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The chunk files. One thread appends, merges, syncs and reclaims; any thread reads, pins and scrubs. */
public final class ChunkFiles implements AutoCloseable {
  /**
   * @param fileBytes a file that is larger gets no more chunks
   * @param cacheBytes for decoded chunks, and as much again for levels
   * @param synced what {@link #sync} answered before the journal was retired; whatever is missing before it is damage,
   *     not a torn tail
   */
  public record Options(long fileBytes, long cacheBytes, Position synced) {
    public static final Options DEFAULT = new Options(256L << 20, 16L << 20, Position.NONE);

    public Options withSynced(Position position) {
      return new Options(fileBytes, cacheBytes, position);
    }
  }

  /** Everything before it is durable. */
  public record Position(long file, long offset) {
    public static final Position NONE = new Position(0, 0);
  }

  /** Gets every live chunk, in the order of the files. */
  @FunctionalInterface
  public interface Visitor {
    void chunk(SeriesKey key, ChunkRef chunk);
  }

  /** Gets the place of a chunk that lives no more. */
  @FunctionalInterface
  public interface GoneVisitor {
    void gone(long file, long offset);
  }

  /**
   * While it is open, chunks that an index gave out stay readable, even superseded ones. Take it before looking into
   * the index.
   */
  public interface Pin extends AutoCloseable {
    @Override
    void close();
  }

  private static final byte[] NONE = new byte[0];

  private final Disk disk;
  private final Options options;
  private final ConcurrentSkipListMap<Long, ChunkFile> files;

  /**
   * Files that somebody took away; commits go on to name them, so that the loss is not forgotten with the next start.
   */
  private final Map<Long, Commit.State> missing;

  private final List<String> damage;
  private final ConcurrentLinkedQueue<Columns> spareColumns = new ConcurrentLinkedQueue<>();
  private final Pins pins = new Pins();
  private final FrameReader reader;
  private final Reclaimer reclaimer;

  // What follows belongs to the appending thread.
  private @Nullable ChunkFile current;
  private boolean currentIsNew;
  private boolean dirty;
  private long nextOrder;
  private long committedOrder;
  private long nextFile;
  private volatile Position position;
  private @Nullable IOException broken;

  private ChunkFiles(Disk disk, Options options, Recovery recovery) {
    this.disk = disk;
    this.options = options;
    files = new ConcurrentSkipListMap<>(recovery.files);
    missing = Map.copyOf(recovery.missing);
    damage = List.copyOf(recovery.damage);
    nextOrder = recovery.nextOrder;
    committedOrder = nextOrder;
    nextFile = recovery.nextFile;
    current = files.isEmpty() ? null : files.lastEntry().getValue();
    position = current == null ? Position.NONE : new Position(current.number, current.size());
    reader = new FrameReader(files, options.cacheBytes(), this::takeColumns, spareColumns::add);
    reclaimer = new Reclaimer(this, disk, pins);
  }

  /** Cuts off what was appended after the last sync. Reads only the newest file's heads. */
  public static ChunkFiles open(Disk disk, Options options) throws IOException {
    return new ChunkFiles(disk, options, Recovery.run(disk, options.synced()));
  }

  /** What was found damaged when the files were opened, a sentence each. */
  public List<String> damage() {
    return damage;
  }

  /**
   * Cuts the points into chunks and appends these. They count from {@link #sync} on. When it fails with an IOException
   * (a full disk), all that was appended, merged and dropped since the last sync is undone, and it can be tried again.
   *
   * @param journalSequence the highest among the records that these points came with
   * @param sealedTo the highest step in the series' chunks; Long.MIN_VALUE when there are none. What is below it gets
   *     chunks of its own, so that late points do not widen a chunk that is in order
   */
  public List<ChunkRef> append(SeriesKey key, long journalSequence, long sealedTo, Points points) throws IOException {
    List<ChunkRef> chunks = new ArrayList<>();
    int late = points.lowerBound(sealedTo);
    for (int from = 0; from < points.count(); ) {
      int to = Cuts.next(points, from, from < late ? late : points.count(), Cuts.CHUNK);
      chunks.add(appendChunk(key, journalSequence, nextOrder++, points, from, to));
      from = to;
    }
    return chunks;
  }

  /** Forgets chunks (purge). Counts from {@link #sync} on. */
  public void drop(Collection<ChunkRef> chunks) throws IOException {
    for (ChunkRef chunk : chunks) {
      ChunkFile file = files.get(chunk.file());
      if (file != null) {
        file.liveChunks--;
        file.liveBytes -= chunk.length();
      }
    }
    bury(chunks.stream().map(ChunkRef::place).toList());
  }

  /** Makes everything appended, merged and dropped durable, all or nothing. */
  public Position sync() throws IOException {
    checkWritable();
    ChunkFile file = current;
    if (!dirty || file == null) {
      return position;
    }
    force(file);
    if (currentIsNew) {
      syncNames();
    }
    List<Commit.State> states = new ArrayList<>(missing.values());
    for (ChunkFile each : files.values()) {
      if (!reclaimer.isDoomed(each)) {
        states.add(each.state());
      }
    }
    write(Frame.COMMIT, new Commit(nextOrder, states).toBytes(), NONE, NONE);
    force(file);
    for (ChunkFile each : files.values()) {
      each.commit();
    }
    committedOrder = nextOrder;
    currentIsNew = false;
    dirty = false;
    position = new Position(file.number, file.size());
    return position;
  }

  /** What is durable now. */
  public Position position() {
    return position;
  }

  /** Rebuilds an index from the files alone. Answers the damage found, a sentence each. */
  public List<String> scan(Visitor visitor) throws IOException {
    return scan(Position.NONE, visitor, (file, offset) -> {});
  }

  /**
   * Brings an index up to date that was written when {@link #position} was {@code from}. Chunks that came and went
   * since then are not shown.
   *
   * @param gone gets the place of each chunk that the index must forget, and perhaps of some that it never had. Chunks
   *     in files that {@link #isDeleted} tells must be forgotten too
   */
  public List<String> scan(Position from, Visitor visitor, GoneVisitor gone) throws IOException {
    return ChunkScan.scan(files.values(), from, visitor, gone);
  }

  /**
   * Whether the file was deleted because nothing lived in it (one that was lost is not deleted: reading from it tells
   * the damage).
   */
  public boolean isDeleted(long file) {
    return !files.containsKey(file) && !missing.containsKey(file);
  }

  public Pin pin() {
    return pins.take();
  }

  /** Fails with {@link StoreException.Damaged} when the bytes are not what was written. */
  public Points read(SeriesKey key, ChunkRef chunk) throws IOException {
    return reader.points(key, chunk, true);
  }

  Points read(SeriesKey key, ChunkRef chunk, boolean keep) throws IOException {
    return reader.points(key, chunk, keep);
  }

  Levels levels(SeriesKey key, ChunkRef chunk) throws IOException {
    return reader.levels(key, chunk);
  }

  /**
   * Copies the live chunks out of one file that is mostly dead; empty when there is none. Then sync, swap the moves in
   * the index, and call {@link #deleteDead}.
   *
   * @param live whether the index has this chunk
   */
  public List<Move> evacuate(BiPredicate<SeriesKey, ChunkRef> live) throws IOException {
    return reclaimer.evacuate(live);
  }

  /**
   * Deletes the files in which nothing lives (once no pin can see them), which includes a sync. Answers the bytes
   * freed.
   */
  public long deleteDead(BiPredicate<SeriesKey, ChunkRef> live) throws IOException {
    return reclaimer.deleteDead(live);
  }

  /** Reads every byte that was synced and checks every checksum. */
  public ScrubReport scrub() throws IOException {
    try (Pin pin = pins.take()) {
      return ChunkScan.scrub(files.values(), damage);
    }
  }

  /** On disk. */
  public long bytes() {
    long sum = 0;
    for (ChunkFile file : files.values()) {
      sum += file.size();
    }
    return sum;
  }

  @Override
  public void close() throws IOException {
    for (ChunkFile file : files.values()) {
      file.close();
    }
    for (Columns columns = spareColumns.poll(); columns != null; columns = spareColumns.poll()) {
      columns.close();
    }
  }

  ChunkRef appendChunk(SeriesKey key, long journalSequence, long order, Points points, int from, int to)
      throws IOException {
    Columns columns = takeColumns();
    SeriesChunk chunk;
    try {
      chunk = SeriesChunk.encode(points, from, to, columns);
    } finally {
      spareColumns.add(columns);
    }
    Frame.ChunkMeta meta = new Frame.ChunkMeta(key, journalSequence, order, chunk.summary());
    return appendChunk(meta, chunk.levels(), chunk.payload());
  }

  ChunkRef appendChunk(Frame.ChunkMeta meta, byte[] levels, byte[] payload) throws IOException {
    Frame frame = write(Frame.CHUNK, meta.toBytes(), levels, payload);
    ChunkFile file = files.get(frame.file());
    file.chunks++;
    file.liveChunks++;
    file.liveBytes += frame.length();
    return meta.ref(frame);
  }

  /**
   * Writes that these chunks count no more. Twice, for were it lost, what it buries would rise beside what took its
   * place.
   */
  void bury(Collection<Frame.Place> places) throws IOException {
    if (!places.isEmpty()) {
      byte[] tombstones = Frame.tombstones(places);
      write(Frame.TOMBSTONES, tombstones, NONE, NONE);
      write(Frame.TOMBSTONES, tombstones, NONE, NONE);
    }
  }

  /** A commit is due even if nothing was appended. */
  void touch() {
    dirty = true;
  }

  ConcurrentSkipListMap<Long, ChunkFile> files() {
    return files;
  }

  @Nullable ChunkFile current() {
    return current;
  }

  private Frame write(int kind, byte[] meta, byte[] levels, byte[] payload) throws IOException {
    checkWritable();
    try {
      ChunkFile file = current;
      if (file == null || (!dirty && file.size() >= options.fileBytes())) {
        file = ChunkFile.create(disk, nextFile++);
        files.put(file.number, file);
        current = file;
        currentIsNew = true;
      }
      dirty = true;
      ByteBuffer bytes = Frame.write(file.number, file.size(), kind, meta, levels, payload);
      Frame frame = Frame.parse(bytes, file.number, file.size());
      file.append(bytes);
      return frame;
    } catch (IOException e) {
      rollBack(e);
      throw e;
    }
  }

  /** Goes back to the last commit. */
  private void rollBack(IOException cause) {
    reader.forget();
    try {
      ChunkFile file = current;
      if (file != null && currentIsNew) {
        files.remove(file.number);
        file.close();
        disk.delete(ChunkFile.path(file.number));
        current = files.isEmpty() ? null : files.lastEntry().getValue();
        currentIsNew = false;
      } else if (file != null) {
        file.truncate(file.committed().size());
      }
      for (ChunkFile each : files.values()) {
        each.restore(each.committed());
      }
      nextOrder = committedOrder;
      dirty = false;
    } catch (IOException e) {
      cause.addSuppressed(e);
      broken = cause;
    }
  }

  private void force(ChunkFile file) throws IOException {
    try {
      file.force();
    } catch (IOException e) {
      // After a failed fsync nobody knows what is on the disk: trying again would be told "all is well" (fsyncgate).
      broken = e;
      throw e;
    }
  }

  private void syncNames() throws IOException {
    try {
      disk.syncDirectory(ChunkFile.FOLDER);
    } catch (IOException e) {
      broken = e;
      throw e;
    }
  }

  private void checkWritable() {
    if (broken != null) {
      throw new StoreException.Unusable(
          "the chunk files take no more writes after a failed sync ("
              + broken.getMessage()
              + "). Start Trainyard again.");
    }
  }

  private Columns takeColumns() {
    Columns columns = spareColumns.poll();
    return columns == null ? new Columns() : columns;
  }
}
