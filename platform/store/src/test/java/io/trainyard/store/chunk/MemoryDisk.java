package io.trainyard.store.chunk;

import io.trainyard.store.disk.Disk;
import io.trainyard.store.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A disk in memory for tests, which can lose its power, fill up, and change its bytes.
 *
 * <p>After {@link #loseAndRestorePower} each file has what was forced, and of what was appended since a part: to some
 * length, and perhaps with wrong bytes. A name that was not synced may be back or gone.
 */
final class MemoryDisk implements Disk {
  /** Thrown by the operation in which the power goes. */
  static final class PowerLoss extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  static final class Content {
    byte[] bytes = new byte[0];
    int size;
    byte[] durable = new byte[0];
  }

  final Map<String, Content> files = new TreeMap<>();
  private Map<String, Content> durableNames = new HashMap<>();
  long capacity = Long.MAX_VALUE;
  int operations;
  int powerGoesAt = Integer.MAX_VALUE;
  int forces;
  boolean ignoresForce;
  boolean forceFails;

  Content content(String path) {
    return files.get(path);
  }

  byte[] bytes(String path) {
    Content content = files.get(path);
    return Arrays.copyOf(content.bytes, content.size);
  }

  void flip(String path, int offset, int mask) {
    files.get(path).bytes[offset] ^= (byte) mask;
  }

  void loseAndRestorePower(Random random) {
    powerGoesAt = Integer.MAX_VALUE;
    operations = 0;
    Map<String, Content> survivors = new TreeMap<>(durableNames);
    for (Map.Entry<String, Content> entry : files.entrySet()) {
      if (!durableNames.containsKey(entry.getKey()) && random.nextBoolean()) {
        survivors.put(entry.getKey(), entry.getValue());
      }
    }
    for (String name : durableNames.keySet()) {
      if (!files.containsKey(name) && random.nextBoolean()) {
        survivors.remove(name);
      }
    }
    files.clear();
    files.putAll(survivors);
    for (Content content : files.values()) {
      int kept = content.durable.length;
      int more = Math.max(0, content.size - kept);
      byte[] now = Arrays.copyOf(content.durable, kept + (more == 0 ? 0 : random.nextInt(more + 1)));
      int intact = kept + (now.length > kept ? random.nextInt(now.length - kept + 1) : 0);
      System.arraycopy(content.bytes, kept, now, kept, Math.max(0, intact - kept));
      if (random.nextBoolean()) {
        // Pages are written in any order: what is behind a hole may be there.
        for (int i = intact; i < now.length; i++) {
          now[i] = i - intact < 37 ? 0 : content.bytes[i];
        }
      }
      content.bytes = now;
      content.size = now.length;
      content.durable = now.clone();
    }
    durableNames = new HashMap<>(files);
  }

  private void operation() {
    if (operations++ == powerGoesAt) {
      throw new PowerLoss();
    }
  }

  @Override
  public DiskFile open(String path) {
    operation();
    return new Opened(files.computeIfAbsent(path, p -> new Content()));
  }

  @Override
  public DiskFile openForReading(String path) throws IOException {
    Content content = files.get(path);
    if (content == null) {
      throw new NoSuchFileException(path);
    }
    return new Opened(content);
  }

  @Override
  public boolean exists(String path) {
    return files.containsKey(path);
  }

  @Override
  public List<String> list(String folder) {
    List<String> names = new ArrayList<>();
    for (String path : files.keySet()) {
      if (path.startsWith(folder + "/")) {
        names.add(path.substring(folder.length() + 1));
      }
    }
    return names;
  }

  @Override
  public void rename(String from, String to) {
    operation();
    files.put(to, files.remove(from));
  }

  @Override
  public void delete(String path) throws IOException {
    operation();
    if (files.remove(path) == null) {
      throw new NoSuchFileException(path);
    }
  }

  @Override
  public void syncDirectory(String folder) {
    operation();
    if (!ignoresForce) {
      durableNames = new HashMap<>(files);
    }
  }

  @Override
  public long freeBytes() {
    return capacity;
  }

  private final class Opened implements DiskFile {
    private final Content content;

    Opened(Content content) {
      this.content = content;
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      int length = bytes.remaining();
      boolean dies = operations == powerGoesAt;
      int written = (int) Math.min(length, capacity);
      if (content.bytes.length < content.size + written) {
        content.bytes = Arrays.copyOf(content.bytes, Math.max(2 * content.bytes.length, content.size + written));
      }
      bytes.get(content.bytes, content.size, written);
      content.size += written;
      capacity -= capacity == Long.MAX_VALUE ? 0 : written;
      if (dies) {
        throw new PowerLoss();
      }
      operation();
      if (written < length) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public int read(long position, ByteBuffer into) {
      int length = (int) Math.max(0, Math.min(into.remaining(), content.size - position));
      into.put(content.bytes, (int) position, length);
      return length;
    }

    @Override
    public void force() throws IOException {
      operation();
      forces++;
      if (forceFails) {
        throw new IOException("Input/output error");
      }
      if (!ignoresForce) {
        content.durable = Arrays.copyOf(content.bytes, content.size);
      }
    }

    @Override
    public void truncate(long size) {
      operation();
      content.size = (int) Math.min(content.size, size);
    }

    @Override
    public long size() {
      return content.size;
    }

    @Override
    public void close() {}
  }
}
