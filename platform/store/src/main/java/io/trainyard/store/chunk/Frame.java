package io.trainyard.store.chunk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands at the start of each piece of a chunk file: 40 bytes that say what it is and how long. Immutable.
 *
 * <p>The header's checksum also covers the file's number and the offset: a frame that the disk has put somewhere else,
 * or that an older file left in a reused block, is not taken for one that belongs there.
 *
 * @param kind {@link #CHUNK}, {@link #TOMBSTONES} or {@link #COMMIT}
 */
record Frame(
    long file,
    long offset,
    int kind,
    int length,
    int metaLength,
    int levelsLength,
    int payloadLength,
    int metaCrc,
    int levelsCrc,
    int payloadCrc) {
  static final int MAGIC = 0x54594348;
  static final int CHUNK = 1;
  static final int TOMBSTONES = 2;
  static final int COMMIT = 3;
  static final int HEADER = 40;

  /** A frame's bytes for this place. */
  static ByteBuffer write(long file, long offset, int kind, byte[] meta, byte[] levels, byte[] payload) {
    ByteBuffer out = ByteBuffer.allocate(HEADER + meta.length + levels.length + payload.length);
    out.putInt(MAGIC).put((byte) kind).put((byte) 0).putShort((short) 0).putInt(out.capacity());
    out.putInt(meta.length).putInt(levels.length).putInt(payload.length);
    out.putInt(crc(meta)).putInt(crc(levels)).putInt(crc(payload));
    out.putInt(headerCrc(out.array(), 0, file, offset));
    return out.put(meta).put(levels).put(payload).flip();
  }

  /** Null when there is no header here, or not an intact one. */
  static @Nullable Frame parse(ByteBuffer in, long file, long offset) {
    if (in.remaining() < HEADER) {
      return null;
    }
    int start = in.position();
    if (in.getInt(start) != MAGIC
        || in.getInt(start + 36) != headerCrc(in.array(), in.arrayOffset() + start, file, offset)) {
      return null;
    }
    return new Frame(
        file,
        offset,
        in.get(start + 4),
        in.getInt(start + 8),
        in.getInt(start + 12),
        in.getInt(start + 16),
        in.getInt(start + 20),
        in.getInt(start + 24),
        in.getInt(start + 28),
        in.getInt(start + 32));
  }

  long end() {
    return offset + length;
  }

  /** Whether the lengths agree; a header with a right checksum that does not was written by something else. */
  boolean isWhole() {
    return metaLength >= 0
        && levelsLength >= 0
        && payloadLength >= 0
        && (long) HEADER + metaLength + levelsLength + payloadLength == length;
  }

  /** Where the levels start in the frame. */
  int levelsStart() {
    return HEADER + metaLength;
  }

  int payloadStart() {
    return HEADER + metaLength + levelsLength;
  }

  static int crc(byte[] bytes) {
    return crc(bytes, 0, bytes.length);
  }

  static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  private static int headerCrc(byte[] bytes, int from, long file, long offset) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, 36);
    crc.update(ByteBuffer.allocate(16).putLong(file).putLong(offset).flip());
    return (int) crc.getValue();
  }

  /** What a chunk's frame says of itself. */
  record ChunkMeta(SeriesKey key, long journalSequence, long order, ChunkSummary summary) {
    byte[] toBytes() {
      ByteSink out = new ByteSink(256);
      out.text(key.run()).varint(key.attempt()).text(key.series()).i64(journalSequence).i64(order);
      ByteBuffer numbers = ByteBuffer.allocate(14 * 8);
      ChunkRef.write(summary, numbers);
      return out.raw(numbers.array(), numbers.capacity()).toBytes();
    }

    static ChunkMeta read(ByteBuffer in) {
      SeriesKey key = new SeriesKey(ByteSink.text(in), (int) ByteSink.varint(in), ByteSink.text(in));
      return new ChunkMeta(key, in.getLong(), in.getLong(), ChunkRef.readSummary(in));
    }

    ChunkRef ref(Frame frame) {
      return new ChunkRef(frame.file(), frame.offset(), frame.length(), journalSequence, order, summary);
    }
  }

  /** Where a frame starts. */
  record Place(long file, long offset) {}

  /** Chunks that count no more. */
  static byte[] tombstones(Collection<Place> places) {
    ByteSink out = new ByteSink(16 + 6 * places.size());
    out.varint(places.size());
    for (Place place : places) {
      out.varint(place.file()).varint(place.offset());
    }
    return out.toBytes();
  }

  static List<Place> readTombstones(ByteBuffer in) {
    int count = ByteSink.length(in);
    List<Place> places = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      places.add(new Place(ByteSink.varint(in), ByteSink.varint(in)));
    }
    return places;
  }
}
