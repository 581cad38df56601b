package io.trainyard.store.disk;

import java.io.IOException;
import java.util.List;

/**
 * The store's file system below its data folder. Paths are relative, with {@code /}. Any thread may call.
 *
 * <p>What is promised after a power loss: bytes of a file up to its last {@link DiskFile#force}; names (created,
 * renamed, deleted) up to the last {@link #syncDirectory} of their folder. Everything else may be there, torn, or gone.
 */
public interface Disk {
  /** Opens for reading and appending; creates the file (and its folders) when it is not there. */
  DiskFile open(String path) throws IOException;

  /** Opens for reading only. Fails when it is not there. */
  DiskFile openForReading(String path) throws IOException;

  boolean exists(String path) throws IOException;

  /** Names of the files in this folder, sorted; empty when there is no such folder. */
  List<String> list(String folder) throws IOException;

  /** Replaces {@code to} atomically. */
  void rename(String from, String to) throws IOException;

  void delete(String path) throws IOException;

  /** Makes the names in this folder durable. */
  void syncDirectory(String folder) throws IOException;

  /** Bytes that can still be written. */
  long freeBytes() throws IOException;
}
