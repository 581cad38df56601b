package io.trainyard.store;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Tells a crash test what the store is about to be killed in. The store's own threads enter and leave.
 *
 * <p>With the system property {@code trainyard.store.phasefile} the byte at a phase's ordinal in that file is 1 while
 * the store is in it; all zero: idle. The file is mapped, so that what was written last is there when the process has
 * been killed. Without the property it costs a null check.
 */
public enum Phase {
  FSYNC,
  SEALING,
  COPYING_VIEW,
  RETIRING,
  RECOVERING;

  private static final @Nullable MappedByteBuffer FILE = map();

  public void enter() {
    if (FILE != null) {
      FILE.put(ordinal(), (byte) 1);
    }
  }

  public void leave() {
    if (FILE != null) {
      FILE.put(ordinal(), (byte) 0);
    }
  }

  private static @Nullable MappedByteBuffer map() {
    String path = System.getProperty("trainyard.store.phasefile");
    if (path == null) {
      return null;
    }
    try (FileChannel channel =
        FileChannel.open(Path.of(path), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer file = channel.map(FileChannel.MapMode.READ_WRITE, 0, 64);
      for (int i = 0; i < file.capacity(); i++) {
        file.put(i, (byte) 0);
      }
      return file;
    } catch (IOException failure) {
      throw new IllegalStateException("trainyard.store.phasefile=" + path + " cannot be mapped: "
          + failure.getMessage(), failure);
    }
  }
}
