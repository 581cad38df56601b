package io.trainyard.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** One mapped file of a spool; used by one thread at a time. */
final class Segment {
  private static final int PAGE = 4096;
  private static final byte[] ZEROS = new byte[1 << 16];

  final int index;
  final int size;
  final ByteBuffer bytes;
  private final Mapping mapping;

  private Segment(int index, Mapping mapping) {
    this.index = index;
    this.mapping = mapping;
    this.bytes = mapping.bytes;
    this.size = bytes.capacity();
  }

  static Path file(Path dir, int index) {
    return dir.resolve(String.format("%08d.seg", index));
  }

  /**
   * Creates a segment that is whole from the moment it has its name.
   *
   * <p>Its space is written, not only claimed: on a full disk that is an IOException here, and never a SIGBUS in the
   * middle of a training step. Its pages are touched, which spares the training 1,000 page faults of about a
   * microsecond.
   */
  static Segment create(Path dir, int index, int size) throws IOException {
    Path temporary = dir.resolve(String.format("%08d.tmp", index));
    try (FileChannel file =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.wrap(ZEROS);
      for (long at = 0; at < size; ) {
        zeros.position(0).limit((int) Math.min(ZEROS.length, size - at));
        at += file.write(zeros, at);
      }
      Segment segment = new Segment(index, Mapping.of(file, FileChannel.MapMode.READ_WRITE, size));
      for (int at = 0; at < size; at += PAGE) {
        segment.bytes.put(at, (byte) 0);
      }
      segment.bytes.putLong(0, Layout.SEGMENT_MAGIC).putLong(8, index).putLong(16, size);
      Files.move(temporary, file(dir, index), StandardCopyOption.ATOMIC_MOVE);
      return segment;
    } catch (IOException | InternalError e) {
      Files.deleteIfExists(temporary);
      throw e instanceof IOException io ? io : new IOException("cannot write " + temporary, e);
    }
  }

  /** Opens a segment for reading. */
  static Segment open(Path dir, int index) throws IOException {
    try (FileChannel file = FileChannel.open(file(dir, index), StandardOpenOption.READ)) {
      long size = Math.min(file.size(), Integer.MAX_VALUE - 7);
      return new Segment(index, Mapping.of(file, FileChannel.MapMode.READ_ONLY, size));
    }
  }

  /** What is wrong with the header; empty when nothing is. */
  String damage() {
    if (size < Layout.HEADER || bytes.getLong(0) != Layout.SEGMENT_MAGIC) {
      return "it does not start like a segment of this version";
    }
    if (bytes.getLong(8) != index) {
      return "it says that it is segment " + bytes.getLong(8);
    }
    if (bytes.getLong(16) != size) {
      return "it has " + size + " bytes of " + bytes.getLong(16);
    }
    return "";
  }

  /** The word of the record at this offset; what it says about the body holds. */
  long word(int offset) {
    return (long) Layout.LONGS.getAcquire(bytes, offset);
  }

  /** Makes the record at this offset visible, its body having been written. */
  void commit(int offset, long word) {
    Layout.LONGS.setRelease(bytes, offset, word);
  }

  void unmap() {
    mapping.unmap();
  }
}
