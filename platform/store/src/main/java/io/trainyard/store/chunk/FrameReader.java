package io.trainyard.store.chunk;

import io.trainyard.core.store.StoreException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads chunks and their levels, checks them, and keeps what was read lately. Any thread. */
final class FrameReader {
  /** Head, levels and the first of the payload of a full chunk come with one read. */
  private static final int FIRST_READ = 4096;

  private final Map<Long, ChunkFile> files;
  private final ChunkCache<Points> points;
  private final ChunkCache<Levels> levels;
  private final Supplier<Columns> take;
  private final Consumer<Columns> giveBack;

  FrameReader(Map<Long, ChunkFile> files, long cacheBytes, Supplier<Columns> take, Consumer<Columns> giveBack) {
    this.files = files;
    this.points = new ChunkCache<>(cacheBytes, p -> 24L * p.count());
    this.levels = new ChunkCache<>(cacheBytes, Levels::bytes);
    this.take = take;
    this.giveBack = giveBack;
  }

  Points points(SeriesKey key, ChunkRef chunk, boolean keep) throws IOException {
    Points known = points.get(chunk);
    if (known != null) {
      return known;
    }
    byte[] bytes = bytes(key, chunk, chunk.length());
    Frame frame = frame(key, chunk, bytes);
    ByteBuffer payload =
        part(key, chunk, bytes, frame.payloadStart(), frame.payloadLength(), frame.payloadCrc(), "points");
    Columns columns = take.get();
    Points decoded;
    try {
      decoded = SeriesChunk.decode(payload, Math.toIntExact(chunk.summary().count()), columns);
    } catch (RuntimeException e) {
      throw damaged(key, chunk, "its points cannot be decoded (" + e.getMessage() + ")");
    } finally {
      giveBack.accept(columns);
    }
    if (keep) {
      points.put(chunk, decoded);
    }
    return decoded;
  }

  Levels levels(SeriesKey key, ChunkRef chunk) throws IOException {
    Levels known = levels.get(chunk);
    if (known != null) {
      return known;
    }
    byte[] bytes = bytes(key, chunk, Math.min(FIRST_READ, chunk.length()));
    Frame frame = frame(key, chunk, bytes);
    if (frame.payloadStart() > bytes.length) {
      bytes = bytes(key, chunk, frame.payloadStart());
    }
    ByteBuffer in = part(key, chunk, bytes, frame.levelsStart(), frame.levelsLength(), frame.levelsCrc(), "levels");
    Levels decoded;
    try {
      decoded = Levels.decode(in);
    } catch (RuntimeException e) {
      throw damaged(key, chunk, "its levels cannot be decoded (" + e.getMessage() + ")");
    }
    levels.put(chunk, decoded);
    return decoded;
  }

  void forget() {
    points.clear();
    levels.clear();
  }

  private byte[] bytes(SeriesKey key, ChunkRef chunk, int length) throws IOException {
    ChunkFile file = files.get(chunk.file());
    if (file == null) {
      throw damaged(key, chunk, "the file is missing");
    }
    try {
      return file.read(chunk.offset(), length);
    } catch (EOFException e) {
      throw damaged(key, chunk, e.getMessage());
    }
  }

  /** Checks that this is the chunk that the index means, so that damage of the index cannot pass for data either. */
  private static Frame frame(SeriesKey key, ChunkRef chunk, byte[] bytes) {
    Frame frame = Frame.parse(ByteBuffer.wrap(bytes), chunk.file(), chunk.offset());
    if (frame == null || !frame.isWhole() || frame.kind() != Frame.CHUNK || frame.length() != chunk.length()) {
      throw damaged(key, chunk, "its header is not intact");
    }
    if (frame.levelsStart() > bytes.length) {
      throw damaged(key, chunk, "its head is too large");
    }
    ByteBuffer meta = part(key, chunk, bytes, Frame.HEADER, frame.metaLength(), frame.metaCrc(), "head");
    Frame.ChunkMeta told = Frame.ChunkMeta.read(meta);
    if (!told.key().equals(key) || !told.ref(frame).equals(chunk)) {
      throw damaged(key, chunk, "the index means another chunk than the one that lies here, of " + told.key());
    }
    return frame;
  }

  private static ByteBuffer part(
      SeriesKey key, ChunkRef chunk, byte[] bytes, int from, int length, int crc, String what) {
    if (Frame.crc(bytes, from, length) != crc) {
      throw damaged(key, chunk, "the checksum of its " + what + " is wrong");
    }
    return ByteBuffer.wrap(bytes, from, length).slice();
  }

  private static StoreException.Damaged damaged(SeriesKey key, ChunkRef chunk, @Nullable String what) {
    return new StoreException.Damaged(
        ChunkFile.path(chunk.file())
            + ", offset "
            + chunk.offset()
            + ": "
            + what
            + ". "
            + chunk.summary().count()
            + " points of "
            + key
            + ", steps "
            + chunk.summary().firstStep()
            + " to "
            + chunk.summary().lastStep()
            + ", cannot be read; all others can.");
  }
}
