package io.trainyard.store.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Where the bytes of a segment are. All numbers are little endian.
 *
 * <pre>
 * segment  magic 8 | version 4 | number 8 | first sequence 8 | CRC32C of these 4 | records
 * record   magic 4 | CRC32C of all that follows 4 | payload's length 4 | sequence 8 | unsynced 4 | kind 1 | payload
 * </pre>
 *
 * {@code unsynced} says how many records before this one had not been synced when it was written. It is what tells a
 * torn tail from corruption: sectors of one unsynced write reach the disk in any order, so after a power loss a whole
 * record can follow a torn one, and both were never promised to anyone. But a bad record that a later one calls synced
 * has been lost.
 */
final class Layout {
  static final int VERSION = 1;
  static final int SEGMENT_HEAD = 32;
  static final int RECORD_HEAD = 25;

  private static final long SEGMENT_MAGIC = 0x4c4e524a44525954L; // TYRDJRNL
  private static final int RECORD_MAGIC = 0x7e1dc0de;

  private Layout() {}

  record SegmentHead(int version, long number, long firstSequence) {}

  /** Offsets are those of the buffer that it was read from. */
  record RecordHead(int at, int end, long sequence, int unsynced, byte kind) {
    /** Everything up to this sequence was on the disk when the record was written. */
    long synced() {
      return sequence - 1 - unsynced;
    }
  }

  static void putSegmentHead(ByteBuffer into, long number, long firstSequence) {
    int at = into.position();
    into.putLong(SEGMENT_MAGIC).putInt(VERSION).putLong(number).putLong(firstSequence);
    into.putInt(checksum(into, at, SEGMENT_HEAD - 4));
  }

  static @Nullable SegmentHead segmentHead(ByteBuffer bytes) {
    if (bytes.limit() < SEGMENT_HEAD
        || bytes.getLong(0) != SEGMENT_MAGIC
        || bytes.getInt(SEGMENT_HEAD - 4) != checksum(bytes, 0, SEGMENT_HEAD - 4)) {
      return null;
    }
    return new SegmentHead(bytes.getInt(8), bytes.getLong(12), bytes.getLong(20));
  }

  /** Completes the record that starts at {@code at} and ends at the buffer's position. */
  static void putRecordHead(ByteBuffer into, int at, long sequence, int unsynced, RecordKind kind) {
    int end = into.position();
    into.putInt(at, RECORD_MAGIC);
    into.putInt(at + 8, end - at - RECORD_HEAD);
    into.putLong(at + 12, sequence);
    into.putInt(at + 20, unsynced);
    into.put(at + 24, kind.code());
    into.putInt(at + 4, checksum(into, at + 8, end - at - 8));
  }

  /** The whole and unharmed record at this place; null when there is none. */
  static @Nullable RecordHead recordHead(ByteBuffer bytes, int at) {
    if (bytes.limit() - at < RECORD_HEAD || bytes.getInt(at) != RECORD_MAGIC) {
      return null;
    }
    int length = bytes.getInt(at + 8);
    if (length < 0 || length > bytes.limit() - at - RECORD_HEAD) {
      return null;
    }
    int end = at + RECORD_HEAD + length;
    if (bytes.getInt(at + 4) != checksum(bytes, at + 8, end - at - 8)) {
      return null;
    }
    return new RecordHead(at, end, bytes.getLong(at + 12), bytes.getInt(at + 20), bytes.get(at + 24));
  }

  static ByteBuffer payload(ByteBuffer bytes, RecordHead head) {
    int from = head.at() + RECORD_HEAD;
    return bytes.slice(from, head.end() - from).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int checksum(ByteBuffer bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(from, length));
    return (int) crc.getValue();
  }
}
