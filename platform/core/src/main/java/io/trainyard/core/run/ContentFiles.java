package io.trainyard.core.run;

import io.trainyard.core.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Kept files, named by the SHA-256 of what is in them. Used by the thread "artifacts".
 *
 * <p>A file comes as a link to the one in the spool, which is unlinked only when the index names it: so whatever dies
 * in between, the file is in the spool, and what no index names here can go. Where a link cannot be, across file
 * systems say, it is a copy.
 */
final class ContentFiles {
  /** What was handed out is not deleted for so long, though a newer one has taken its place. */
  private static final long LENT_MS = 10 * 60_000;

  private static final int REMEMBERED = 4096;

  private final Clock clock;
  private final Map<Path, Long> lentUntil = new LinkedHashMap<>();

  /** Files whose content was seen to be right, as they were then: a large one is not hashed for every reader. */
  private final Map<Path, Stamp> right = new LinkedHashMap<>();

  private record Stamp(long size, FileTime modified, @Nullable Object key) {
    static Stamp of(Path file) throws IOException {
      BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(is.size(), is.lastModifiedTime(), is.fileKey());
    }
  }

  ContentFiles(Clock clock) {
    this.clock = clock;
  }

  /**
   * Makes the content durable in this folder.
   *
   * @return why it cannot be kept, now or ever; null when it is there
   * @throws IOException when trying again may help: a full disk, say
   */
  @Nullable String take(@Nullable Path source, Path folder, long size, String sha256) throws IOException {
    Path target = folder.resolve(sha256);
    if (isRight(target, size, sha256)) {
      return null;
    }
    if (source == null || !Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS)) {
      return "it is not in the spool";
    }
    if (Files.size(source) != size) {
      return "it has " + Files.size(source) + " bytes instead of " + size;
    }
    if (!hash(source).equals(sha256)) {
      return "its content is not what was kept";
    }
    boolean created = !Files.isDirectory(folder);
    Files.createDirectories(folder);
    Files.deleteIfExists(target);
    try {
      Files.createLink(target, source);
    } catch (IOException | UnsupportedOperationException noLinks) {
      copy(source, target);
    }
    sync(target);
    syncFolders(folder, created ? 3 : 1);
    remember(target);
    return null;
  }

  /** The file, for somebody to read, after its content was checked. */
  Path lend(Path file, long size, String sha256, String what) throws IOException {
    String damage = damage(file, size, sha256);
    if (damage != null) {
      throw new StoreException.Damaged(file + " " + damage + ": " + what + " cannot be read.");
    }
    lentUntil.values().removeIf(until -> until < clock.millis());
    lentUntil.put(file, clock.millis() + LENT_MS);
    return file;
  }

  /** What is wrong with a file, by a look at all of it unless it was right before; null when it is right. */
  @Nullable String damage(Path file, long size, String sha256) throws IOException {
    if (!Files.isRegularFile(file)) {
      return "is missing";
    }
    return isRight(file, size, sha256) ? null : "does not hold what its name says";
  }

  /** As {@link #damage}, but trusts no earlier look. */
  @Nullable String scrub(Path file, long size, String sha256) throws IOException {
    right.remove(file);
    return damage(file, size, sha256);
  }

  /** Deletes what nobody needs and nobody reads. */
  void keepOnly(Path folder, Set<String> needed) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> list = Files.list(folder)) {
      files = list.toList();
    }
    for (Path file : files) {
      boolean lent = lentUntil.getOrDefault(file, 0L) >= clock.millis();
      if (!needed.contains(file.getFileName().toString()) && !lent) {
        right.remove(file);
        Files.deleteIfExists(file);
      }
    }
  }

  /** Makes the names in a folder durable, and in so many above it. */
  static void syncFolders(Path folder, int levels) throws IOException {
    Path at = folder;
    for (int i = 0; i < levels && at != null; i++) {
      try (FileChannel channel = FileChannel.open(at, StandardOpenOption.READ)) {
        channel.force(true);
      }
      at = at.getParent();
    }
  }

  private boolean isRight(Path file, long size, String sha256) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) != size) {
      return false;
    }
    if (Stamp.of(file).equals(right.get(file))) {
      return true;
    }
    if (!hash(file).equals(sha256)) {
      return false;
    }
    remember(file);
    return true;
  }

  private void remember(Path file) throws IOException {
    if (right.size() >= REMEMBERED) {
      right.clear();
    }
    right.put(file, Stamp.of(file));
  }

  private static void copy(Path source, Path target) throws IOException {
    Path incoming = target.resolveSibling("incoming");
    Files.copy(source, incoming, StandardCopyOption.REPLACE_EXISTING);
    try {
      Files.move(incoming, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(incoming, target);
    }
    if (Files.size(target) != Files.size(source)) {
      throw new IOException(target + " is not a whole copy");
    }
  }

  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static String hash(Path file) throws IOException {
    MessageDigest sha = sha256();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha.update(ByteBuffer.wrap(buffer, 0, n));
      }
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
