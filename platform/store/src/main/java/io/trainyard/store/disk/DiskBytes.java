package io.trainyard.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Whole files in memory, for those that are small enough. Any thread may call. */
public final class DiskBytes {
  private DiskBytes() {}

  /**
   * The first {@code size} bytes of a file, fewer if it is shorter. Read in pieces: the JDK keeps a native copy as big
   * as the piece.
   */
  public static ByteBuffer read(Disk disk, String path, long size) throws IOException {
    try (DiskFile file = disk.openForReading(path)) {
      int length = Math.toIntExact(Math.min(size, file.size()));
      ByteBuffer all = ByteBuffer.allocate(length);
      while (all.position() < length) {
        ByteBuffer piece = all.slice(all.position(), Math.min(1 << 18, length - all.position()));
        int read = file.read(all.position(), piece);
        if (read <= 0) {
          break;
        }
        all.position(all.position() + read);
      }
      return all.flip();
    }
  }

  /** A whole file. */
  public static ByteBuffer read(Disk disk, String path) throws IOException {
    return read(disk, path, Integer.MAX_VALUE - 8);
  }

  /** Replaces a file so that after a power loss either the old or the new one is there, whole. */
  public static void replace(Disk disk, String folder, String name, ByteBuffer bytes) throws IOException {
    String target = folder.isEmpty() ? name : folder + "/" + name;
    String draft = target + ".tmp";
    disk.delete(draft);
    try (DiskFile file = disk.open(draft)) {
      file.append(bytes);
      file.force();
    }
    disk.rename(draft, target);
    disk.syncDirectory(folder);
  }
}
