package io.trainyard.store.chunk;

import io.trainyard.core.store.ScrubReport;
import io.trainyard.store.disk.Disk;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.BiPredicate;

/** The chunk files. One thread appends, merges, syncs and reclaims; any thread reads. */
public final class ChunkFiles implements AutoCloseable {
  /**
   * @param fileBytes a file that is larger gets no more chunks
   * @param cacheBytes for decoded chunks and levels
   * @param synced what {@link #sync} answered before the journal was retired; whatever is missing before it is damage, not a torn tail
   */
  public record Options(long fileBytes, long cacheBytes, Position synced) {
    public static final Options DEFAULT = new Options(256L << 20, 32L << 20, Position.NONE);
  }

  /** Everything before it is durable. */
  public record Position(long file, long offset) {
    public static final Position NONE = new Position(0, 0);
  }

  /** Gets every live chunk, in no particular order. */
  @FunctionalInterface
  public interface Visitor {
    void chunk(SeriesKey key, ChunkRef chunk);
  }

  /** While it is open, chunks that an index gave out stay readable, even when they are superseded. Take it before looking into the index. */
  public interface Pin extends AutoCloseable {
    @Override
    void close();
  }

  /** Cuts off what was appended after the last sync. Reads only the newest file's headers. */
  public static ChunkFiles open(Disk disk, Options options) throws IOException {
    throw new UnsupportedOperationException();
  }

  /**
   * Cuts the points into chunks and appends these. They count from {@link #sync} on.
   *
   * @param journalSequence the highest among the records that these points came with
   * @param sealedTo the highest step in the series' chunks; Long.MIN_VALUE when there are none. What is not above it gets chunks of its
   *     own, so that late points do not widen a chunk that is in order
   */
  public List<ChunkRef> append(SeriesKey key, long journalSequence, long sealedTo, Points points) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Forgets chunks (purge). Counts from {@link #sync} on. */
  public void drop(SeriesKey key, Collection<ChunkRef> chunks) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Makes everything appended, merged and dropped durable, all or nothing. After an IOException this object refuses to write. */
  public Position sync() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Rebuilds an index from the files alone. Answers the damage found, a sentence each. */
  public List<String> scan(Visitor visitor) throws IOException {
    throw new UnsupportedOperationException();
  }

  public Pin pin() {
    throw new UnsupportedOperationException();
  }

  /** Fails with {@link io.trainyard.core.store.StoreException.Damaged} when the bytes are not what was written. */
  public Points read(SeriesKey key, ChunkRef chunk) throws IOException {
    throw new UnsupportedOperationException();
  }

  /**
   * Copies the live chunks out of one file that is mostly dead; empty when there is none. Then sync, swap the moves in the index, and call
   * {@link #deleteDead}.
   */
  public List<Move> evacuate(BiPredicate<SeriesKey, ChunkRef> live) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Deletes the files in which nothing lives, once no pin can see them. Answers the bytes freed. */
  public long deleteDead() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Reads every byte and checks every checksum. */
  public ScrubReport scrub() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** On disk. */
  public long bytes() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() throws IOException {
    throw new UnsupportedOperationException();
  }
}
