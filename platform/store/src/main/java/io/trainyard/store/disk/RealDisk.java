package io.trainyard.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** The file system below a data folder. Any thread may call. */
public final class RealDisk implements Disk {
  private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

  private final Path home;

  public RealDisk(Path home) {
    this.home = home;
  }

  @Override
  public DiskFile open(String path) throws IOException {
    Path file = home.resolve(path);
    createFolders(file.getParent());
    try {
      return new RealFile(
          path, FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    } catch (IOException failure) {
      throw DiskFullException.recognise(path, failure);
    }
  }

  @Override
  public DiskFile openForReading(String path) throws IOException {
    return new RealFile(path, FileChannel.open(home.resolve(path), StandardOpenOption.READ));
  }

  @Override
  public boolean exists(String path) {
    return Files.exists(home.resolve(path));
  }

  @Override
  public List<String> list(String folder) throws IOException {
    try (Stream<Path> files = Files.list(home.resolve(folder))) {
      return files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).sorted().toList();
    } catch (NoSuchFileException absent) {
      return List.of();
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(home.resolve(from), home.resolve(to), StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(String path) throws IOException {
    Files.deleteIfExists(home.resolve(path));
  }

  @Override
  public void syncDirectory(String folder) throws IOException {
    sync(home.resolve(folder));
  }

  @Override
  public long freeBytes() {
    // Not Files.getFileStore: that reads the list of mounts, and this is asked before every write.
    return home.toFile().getUsableSpace();
  }

  /** The name of a new folder is as mortal as that of a new file: each parent is synced. */
  private static void createFolders(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      createFolders(parent);
    }
    Files.createDirectories(folder);
    if (parent != null) {
      sync(parent);
    }
  }

  private static void sync(Path folder) throws IOException {
    if (WINDOWS) {
      return; // Windows cannot open a folder; NTFS journals names itself.
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private record RealFile(String path, FileChannel channel) implements DiskFile {
    @Override
    public void append(ByteBuffer bytes) throws IOException {
      try {
        long position = channel.size();
        while (bytes.hasRemaining()) {
          position += channel.write(bytes, position);
        }
      } catch (IOException failure) {
        throw DiskFullException.recognise(path, failure);
      }
    }

    @Override
    public int read(long position, ByteBuffer into) throws IOException {
      int total = 0;
      while (into.hasRemaining()) {
        int read = channel.read(into, position + total);
        if (read < 0) {
          break;
        }
        total += read;
      }
      return total;
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void truncate(long size) throws IOException {
      channel.truncate(size);
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
