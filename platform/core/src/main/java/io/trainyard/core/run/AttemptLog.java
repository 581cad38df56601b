package io.trainyard.core.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The output of one attempt: the first 50 MiB of it and the last 50 to 60, in plain files. One thread at a time.
 *
 * <p>Positions count all bytes ever printed. {@code <attempt>.log} is the head; what follows is in pieces of 10 MiB
 * named by their position, {@code <attempt>.<position>.tail}, of which the oldest are deleted. So what is missing
 * follows from the names and sizes, and there is no counter that could be wrong after a crash.
 */
final class AttemptLog {
  private static final long MIB = 1 << 20;

  private final Path folder;
  private final int attempt;
  private final long head;
  private final long piece;
  private final int pieces;
  private final Pattern tailName;

  AttemptLog(Path folder, int attempt) {
    this(folder, attempt, 50 * MIB, 10 * MIB, 6);
  }

  AttemptLog(Path folder, int attempt, long head, long piece, int pieces) {
    this.folder = folder;
    this.attempt = attempt;
    this.head = head;
    this.piece = piece;
    this.pieces = pieces;
    this.tailName = Pattern.compile(attempt + "\\.(\\d{16})\\.tail");
  }

  /** A file with the position of its first byte. */
  private record Part(Path file, long start, long size) {
    long end() {
      return start + size;
    }
  }

  /**
   * Keeps bytes that were printed at this position; those that are here already are left out. A position beyond the end
   * says that what lies between was dropped before it came here.
   *
   * @return the bytes that were new, where they go, and where the next ones are expected
   */
  Appended append(long position, byte[] bytes) throws IOException {
    Files.createDirectories(folder);
    List<Part> parts = parts();
    long end = end(parts);
    int known = (int) Math.min(bytes.length, Math.max(0, end - position));
    long at = Math.max(position, end);
    int done = known;
    while (done < bytes.length) {
      Part last = parts.get(parts.size() - 1);
      long room = (last.start == 0 ? head : piece) - last.size;
      if (room <= 0 || at != last.end()) {
        last = new Part(folder.resolve(String.format("%d.%016d.tail", attempt, at)), at, 0);
        parts.add(last);
        room = piece;
      }
      int length = (int) Math.min(room, bytes.length - done);
      write(last, bytes, done, length);
      parts.set(parts.size() - 1, new Part(last.file, last.start, last.size + length));
      done += length;
      at += length;
    }
    // The head stays; of the others the oldest go.
    while (parts.size() - 1 > pieces) {
      Files.deleteIfExists(parts.remove(1).file);
    }
    return new Appended(Math.max(position, end), known, at);
  }

  /** Makes all of it durable. */
  void force() throws IOException {
    for (Part part : parts()) {
      if (Files.exists(part.file)) {
        try (FileChannel channel = FileChannel.open(part.file, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
    }
  }

  /**
   * Reads from a position on, or from the next one that was kept.
   *
   * @param position negative: so many bytes from the end
   */
  LogKeeper.Slice read(long position, int limit) throws IOException {
    List<Part> parts = parts();
    long end = end(parts);
    long kept = parts.stream().mapToLong(Part::size).sum();
    long from = Math.min(end, position < 0 ? Math.max(0, end + position) : position);
    for (Part part : parts) {
      if (from < part.end()) {
        long start = Math.max(from, part.start);
        return new LogKeeper.Slice(start, read(part, start, limit), end, end - kept);
      }
    }
    return new LogKeeper.Slice(end, new byte[0], end, end - kept);
  }

  private static byte[] read(Part part, long from, int limit) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(limit, part.end() - from));
    try (FileChannel channel = FileChannel.open(part.file, StandardOpenOption.READ)) {
      while (bytes.hasRemaining() && channel.read(bytes, from - part.start + bytes.position()) >= 0) {
        continue;
      }
    }
    return bytes.array();
  }

  private static void write(Part part, byte[] bytes, int offset, int length) throws IOException {
    try (FileChannel channel = FileChannel.open(part.file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer source = ByteBuffer.wrap(bytes, offset, length);
      long at = part.size;
      while (source.hasRemaining()) {
        at += channel.write(source, at);
      }
    }
  }

  /** The head first, and always; then the others in order. */
  private List<Part> parts() throws IOException {
    List<Part> parts = new ArrayList<>();
    Path first = folder.resolve(attempt + ".log");
    parts.add(new Part(first, 0, Files.exists(first) ? Files.size(first) : 0));
    if (Files.isDirectory(folder)) {
      List<Path> files;
      try (Stream<Path> list = Files.list(folder)) {
        files = list.sorted().toList();
      }
      for (Path file : files) {
        Matcher name = tailName.matcher(file.getFileName().toString());
        if (name.matches()) {
          parts.add(new Part(file, Long.parseLong(name.group(1)), Files.size(file)));
        }
      }
    }
    return parts;
  }

  private static long end(List<Part> parts) {
    return parts.get(parts.size() - 1).end();
  }

  /**
   * @param position of the first new byte
   * @param known so many of the given bytes were here already
   * @param next where the next bytes are expected
   */
  record Appended(long position, int known, long next) {}
}
