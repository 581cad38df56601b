package io.trainyard.store.view;

import io.trainyard.store.chunk.ChunkRef;
import io.trainyard.store.chunk.SeriesKey;
import io.trainyard.store.state.Tally;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Keys and values of the view's maps. Every value carries a checksum of itself and its key, because MapDB has none: a
 * flipped bit in a clean MapDB file was opened normally and read wrong, 20 times of 20.
 */
final class Rows {
  private static final int PLACE = 16;

  private Rows() {}

  /** What the view knows of a series beside its chunks. */
  record SeriesRow(long sealedSequence, int chunks, Tally tally) {}

  static byte[] seriesKey(SeriesKey key) {
    byte[] run = key.run().getBytes(StandardCharsets.UTF_8);
    byte[] series = key.series().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(12 + run.length + series.length)
        .putInt(run.length)
        .put(run)
        .putInt(key.attempt())
        .putInt(series.length)
        .put(series)
        .array();
  }

  static SeriesKey seriesKey(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    String run = text(buffer);
    int attempt = buffer.getInt();
    return new SeriesKey(run, attempt, text(buffer));
  }

  private static String text(ByteBuffer buffer) {
    byte[] text = new byte[buffer.getInt()];
    buffer.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** The series' key, then the place: a series' chunks lie side by side. */
  static byte[] chunkKey(byte[] series, ChunkRef chunk) {
    return ByteBuffer.allocate(series.length + PLACE).put(series).putLong(chunk.file()).putLong(chunk.offset()).array();
  }

  static byte[] firstChunkKey(byte[] series) {
    return Arrays.copyOf(series, series.length + PLACE);
  }

  static byte[] lastChunkKey(byte[] series) {
    byte[] last = Arrays.copyOf(series, series.length + PLACE);
    Arrays.fill(last, series.length, last.length, (byte) 0xff);
    return last;
  }

  static byte[] seriesRow(SeriesRow row) {
    ByteBuffer buffer = ByteBuffer.allocate(12 + Tally.BYTES);
    buffer.putLong(row.sealedSequence()).putInt(row.chunks());
    row.tally().write(buffer);
    return buffer.array();
  }

  static SeriesRow seriesRow(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new SeriesRow(buffer.getLong(), buffer.getInt(), Tally.read(buffer));
  }

  static byte[] guard(byte[] key, byte[] value) {
    return ByteBuffer.allocate(4 + value.length).putInt(checksum(key, value, 0)).put(value).array();
  }

  static byte[] unguard(byte[] key, byte[] guarded) {
    if (guarded.length < 4 || ByteBuffer.wrap(guarded).getInt() != checksum(key, guarded, 4)) {
      throw new ViewDamaged("a row of view.db has a wrong checksum");
    }
    return Arrays.copyOfRange(guarded, 4, guarded.length);
  }

  private static int checksum(byte[] key, byte[] value, int from) {
    CRC32C crc = new CRC32C();
    crc.update(key);
    crc.update(value, from, value.length - from);
    return (int) crc.getValue();
  }
}
