package io.trainyard.store.chunk;

import io.trainyard.core.store.StoreException;
import io.trainyard.store.disk.Disk;
import io.trainyard.store.disk.DiskFile;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;

/** One chunk file and the count of what lives in it. Any thread reads; the appending thread does the rest. */
final class ChunkFile implements Closeable {
  static final String FOLDER = "chunks";
  static final int HEADER = 20;
  private static final long MAGIC = 0x5452_4e59_4348_4e4bL;
  private static final int VERSION = 1;

  final long number;
  private final DiskFile file;
  private volatile long size;
  long chunks;
  long liveChunks;
  long liveBytes;

  /** As of the last commit: what a rollback goes back to. */
  private volatile Commit.State committed;

  private ChunkFile(long number, DiskFile file, long size) {
    this.number = number;
    this.file = file;
    this.size = size;
    this.committed = new Commit.State(number, 0, 0, 0, 0);
  }

  static String path(long number) {
    return String.format(Locale.ROOT, "%s/%08d.chk", FOLDER, number);
  }

  /** The number in a file's name; -1 when it is not a chunk file's. */
  static long number(String name) {
    return name.matches("\\d{8,18}\\.chk") ? Long.parseLong(name.substring(0, name.length() - 4)) : -1;
  }

  static ChunkFile create(Disk disk, long number) throws IOException {
    DiskFile file = disk.open(path(number));
    ChunkFile created = new ChunkFile(number, file, 0);
    try {
      ByteBuffer header = ByteBuffer.allocate(HEADER).putLong(MAGIC).putInt(VERSION).putInt((int) number);
      created.append(header.putInt(Frame.crc(header.array(), 0, header.position())).flip());
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return created;
  }

  static ChunkFile open(Disk disk, long number, boolean toAppend) throws IOException {
    DiskFile file = toAppend ? disk.open(path(number)) : disk.openForReading(path(number));
    return new ChunkFile(number, file, file.size());
  }

  /** Whether the file starts as it should. Refuses one of a newer version; every version starts with these 20 bytes. */
  boolean hasHeader() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    if (file.read(0, header) < HEADER) {
      return false;
    }
    header.flip();
    if (header.getLong() != MAGIC || header.getInt(HEADER - 4) != Frame.crc(header.array(), 0, HEADER - 4)) {
      return false;
    }
    int version = header.getInt();
    if (version > VERSION) {
      throw new StoreException.Unusable(
          this
              + " has format "
              + version
              + "; this Trainyard reads up to format "
              + VERSION
              + ". Start the newer Trainyard that wrote it.");
    }
    return header.getInt() == (int) number;
  }

  long size() {
    return size;
  }

  void append(ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    file.append(bytes);
    size += length;
  }

  void force() throws IOException {
    file.force();
  }

  void truncate(long to) throws IOException {
    file.truncate(to);
    size = to;
  }

  /** As many of these bytes as the file has. */
  ByteBuffer readSome(long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    file.read(offset, buffer);
    return buffer.flip();
  }

  byte[] read(long offset, int length) throws IOException {
    ByteBuffer buffer = readSome(offset, length);
    if (buffer.remaining() < length) {
      throw new EOFException(this + " ends at " + (offset + buffer.remaining()) + ", before " + (offset + length));
    }
    return buffer.array();
  }

  Commit.State state() {
    return new Commit.State(number, size, chunks, liveChunks, liveBytes);
  }

  void commit() {
    committed = state();
  }

  /** Goes on from a state that a commit told. */
  void restore(Commit.State state) {
    chunks = state.chunks();
    liveChunks = state.liveChunks();
    liveBytes = state.liveBytes();
    committed = new Commit.State(number, size, chunks, liveChunks, liveBytes);
  }

  Commit.State committed() {
    return committed;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  @Override
  public String toString() {
    return path(number);
  }
}
