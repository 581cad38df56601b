package io.trainyard.store.chunk;

import java.nio.ByteBuffer;

/**
 * Where a chunk lies, and its summary: what an index keeps for each chunk.
 *
 * @param file number of the file
 * @param offset of its frame in the file
 * @param length of its frame
 * @param journalSequence the journal's highest sequence number among the records that its points came with
 * @param order rises with arrival: of two points with equal step and time, the one in the chunk of lower order came
 *     first
 */
public record ChunkRef(long file, long offset, int length, long journalSequence, long order, ChunkSummary summary) {
  private static final byte VERSION = 1;
  private static final int BYTES = 1 + 4 * 8 + 4 + 14 * 8;

  Frame.Place place() {
    return new Frame.Place(file, offset);
  }

  /** For an index on disk. */
  public byte[] toBytes() {
    ByteBuffer buffer = ByteBuffer.allocate(BYTES);
    buffer.put(VERSION).putLong(file).putLong(offset).putInt(length).putLong(journalSequence).putLong(order);
    write(summary, buffer);
    return buffer.array();
  }

  public static ChunkRef fromBytes(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    byte version = buffer.get();
    if (version != VERSION || bytes.length != BYTES) {
      throw new IllegalArgumentException("chunk reference of version " + version + " with " + bytes.length + " bytes");
    }
    return new ChunkRef(
        buffer.getLong(), buffer.getLong(), buffer.getInt(), buffer.getLong(), buffer.getLong(), readSummary(buffer));
  }

  static void write(ChunkSummary s, ByteBuffer buffer) {
    buffer.putLong(s.count()).putLong(s.nan()).putLong(s.posInf()).putLong(s.negInf());
    buffer.putLong(s.firstStep()).putLong(s.firstTime()).putLong(Double.doubleToRawLongBits(s.first()));
    buffer.putLong(s.lastStep()).putLong(s.lastTime()).putLong(Double.doubleToRawLongBits(s.last()));
    buffer.putDouble(s.min()).putDouble(s.max()).putDouble(s.sum()).putDouble(s.huge());
  }

  static ChunkSummary readSummary(ByteBuffer buffer) {
    return new ChunkSummary(
        buffer.getLong(),
        buffer.getLong(),
        buffer.getLong(),
        buffer.getLong(),
        buffer.getLong(),
        buffer.getLong(),
        Double.longBitsToDouble(buffer.getLong()),
        buffer.getLong(),
        buffer.getLong(),
        Double.longBitsToDouble(buffer.getLong()),
        buffer.getDouble(),
        buffer.getDouble(),
        buffer.getDouble(),
        buffer.getDouble());
  }
}
