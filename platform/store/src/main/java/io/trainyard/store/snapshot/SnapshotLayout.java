package io.trainyard.store.snapshot;

import io.trainyard.store.state.KeyEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Where the bytes of a snapshot are. All numbers are big endian.
 *
 * <pre>
 * head    magic 8 | version 4 | sequence 8 | chunk file 8 | offset in it 8 | CRC32C of these 4
 * record  magic 4 | CRC32C of all that follows 4 | length of the payload 4 | kind 1 | payload
 * </pre>
 *
 * The last record is an END with the number of records before it. Each has a checksum of its own, so that a flipped bit
 * costs one run and not all of them.
 */
final class SnapshotLayout {
  static final int VERSION = 1;
  static final long MAGIC = 0x5459524453_4e4150L;
  static final int HEAD = 40;
  static final int RECORD_MAGIC = 0x5eed0bed;
  static final int RECORD_HEAD = 13;

  static final byte EXPERIMENT = 1;
  static final byte RUN = 2;
  static final byte KEY = 3;
  static final byte END = 4;

  private SnapshotLayout() {}

  static int checksum(ByteBuffer bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(from, length));
    return (int) crc.getValue();
  }

  static byte[] key(KeyEntry entry) {
    byte[] key = entry.key().getBytes(StandardCharsets.UTF_8);
    byte[] fingerprint = entry.fingerprint().getBytes(StandardCharsets.UTF_8);
    byte[] target = entry.target().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(21 + key.length + fingerprint.length + target.length);
    bytes.putLong(entry.at()).put((byte) (entry.aboutRun() ? 1 : 0));
    bytes.putInt(key.length).put(key).putInt(fingerprint.length).put(fingerprint).putInt(target.length).put(target);
    return bytes.array();
  }

  static KeyEntry key(ByteBuffer bytes) {
    long at = bytes.getLong();
    boolean aboutRun = bytes.get() == 1;
    return new KeyEntry(text(bytes), text(bytes), at, aboutRun, text(bytes));
  }

  private static String text(ByteBuffer bytes) {
    byte[] text = new byte[bytes.getInt()];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
