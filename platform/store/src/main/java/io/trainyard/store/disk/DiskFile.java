package io.trainyard.store.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file of the store. One thread appends; any thread reads. */
public interface DiskFile extends Closeable {
  /** Writes all that remains in the buffer at the end of the file. */
  void append(ByteBuffer bytes) throws IOException;

  /** Fills the buffer from this position, as far as the file goes; answers how many bytes. */
  int read(long position, ByteBuffer into) throws IOException;

  /** Makes all that was appended durable. */
  void force() throws IOException;

  void truncate(long size) throws IOException;

  long size() throws IOException;
}
