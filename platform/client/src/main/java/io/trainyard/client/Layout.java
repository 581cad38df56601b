package io.trainyard.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bytes of a segment, known to writer and reader alone; no thread of its own.
 *
 * <p>A segment is a header of {@value #HEADER} bytes and then records. A record is one word and a body, padded to 8
 * bytes:
 *
 * <pre>
 *   word   bits 0-31: bytes of the body, without padding; bits 32-39: kind; bits 40-63: series (0 where there is none)
 *   SERIES      name, UTF-8                                   before the first use of the series in each segment
 *   POINT       step, wall ms, double                         32 bytes in all
 *   BLOCK       first step, wall ms, int count, float[count]
 *   PROVENANCE  int bytes of the key, key, value
 *   END         wall ms, int bytes of the state, state, reason
 *   ROLL        empty; the next segment goes on
 *   EXHIBIT     step, wall ms, int bytes of the name, name, JSON
 *   KEEP        wall ms, JSON
 * </pre>
 *
 * <p>The body is written first and the word last, with release: a reader that sees a word (acquire) sees its body. A
 * word of 0 is where the writer is, or where it died. A kind that a reader does not know is skipped by its length.
 */
final class Layout {
  /** "TYSPOOL" and the version of the layout, as ASCII. */
  static final long SEGMENT_MAGIC = 0x314C4F4F50535954L;

  /** Magic, index, size, and room to grow. */
  static final int HEADER = 64;

  static final int WORD = 8;
  static final int POINT_BYTES = 32;
  static final int BLOCK_PREFIX = 20;

  /**
   * Floats in one record. A longer block is several records: a batch of a reader never has to hold more than it asked
   * for plus this, and each record fits in the smallest segment.
   */
  static final int BLOCK_MAX = 4096;

  /** Longest name of a series, in bytes: 250 characters of at most 4. */
  static final int NAME_MAX = 1000;

  static final int EXHIBIT_PREFIX = 20;
  static final int KEEP_PREFIX = 8;

  /** Longest name and JSON of an exhibit together, in bytes. No segment but the first is too small for it. */
  static final int EXHIBIT_MAX = 1 << 20;

  /** Longest JSON of a file that is kept, in bytes. */
  static final int KEEP_MAX = 16_384;

  /** Longest value of a provenance entry, in bytes. */
  static final int TEXT_MAX = 16_384;

  /**
   * Kept free at the end of each segment, for the end record (at most 2 KiB of reason) and ROLL: a full disk must not
   * swallow the end.
   */
  static final int RESERVE = 4096;

  static final int SERIES = 1;
  static final int POINT = 2;
  static final int BLOCK = 3;
  static final int PROVENANCE = 4;
  static final int END = 5;
  static final int ROLL = 6;
  static final int EXHIBIT = 7;
  static final int KEEP = 8;

  /** A long in a buffer, in the byte order of files; atomic where it is aligned to 8 bytes, as all of ours are. */
  static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Layout() {}

  static long word(int bodyBytes, int kind, int series) {
    return bodyBytes | (long) kind << 32 | (long) series << 40;
  }

  static int bodyBytes(long word) {
    return (int) word;
  }

  static int kind(long word) {
    return (int) (word >>> 32) & 0xFF;
  }

  static int series(long word) {
    return (int) (word >>> 40);
  }

  /** Bytes of a whole record: the word, the body, the padding. */
  static int recordBytes(int bodyBytes) {
    return WORD + (bodyBytes + 7 & ~7);
  }

  /** Grows with every byte written: the segment in the upper half, the offset in it in the lower. */
  static long position(int segment, int offset) {
    return (long) segment << 32 | offset;
  }

  static int segmentOf(long position) {
    return (int) (position >>> 32);
  }

  static int offsetOf(long position) {
    return (int) position;
  }
}
