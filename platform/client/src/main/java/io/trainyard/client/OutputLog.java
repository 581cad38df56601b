package io.trainyard.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The output of a training process, in files that stay small: the first 50 MiB and the last. One thread of that process
 * trims, any thread of another reads.
 *
 * <p>Standard output and error, native lines too, go to {@code output.log}, which the process holds open for appending:
 * it cannot be renamed away, only cut. So what has grown behind the first 50 MiB (the head) is copied to a piece of its
 * own, {@code output.<position>.tail}, and the file is cut to its head; the oldest pieces go. Positions count all bytes
 * ever printed; how many of them have left {@code output.log} stands in the control page. Between the last look at the
 * size and the cut, a few microseconds, a printed line can be lost uncounted: a pipe would lose none, and all of it
 * with the hub.
 */
public final class OutputLog {
  public static final String FILE = "output.log";

  private static final long MIB = 1 << 20;

  private final Path dir;
  private final Control control;
  private final long head;
  private final long piece;
  private final int pieces;

  public OutputLog(Path dir, Control control) {
    // What is kept of the end is 5 to 6 pieces.
    this(dir, control, 50 * MIB, 10 * MIB, 5);
  }

  OutputLog(Path dir, Control control, long head, long piece, int pieces) {
    this.dir = dir;
    this.control = control;
    this.head = head;
    this.piece = piece;
    this.pieces = pieces;
  }

  /** Moves what is too much out of the file. Called by the printing process, several times a second. */
  public void trim() throws IOException {
    Path file = dir.resolve(FILE);
    if (!Files.exists(file) || Files.size(file) < head + piece) {
      return;
    }
    long moved = control.movedLogBytes();
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      // After a flood only its end is worth copying.
      long start = Math.max(head, from.size() - pieces * piece);
      Path target = dir.resolve(String.format("output.%016d.tail", moved + start));
      long end = start;
      try (FileChannel to =
          FileChannel.open(
              target, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
        while (end < from.size()) {
          end += from.transferTo(end, from.size() - end, to);
        }
      }
      from.truncate(head);
      control.droppedLogBytes(control.droppedLogBytes() + start - head);
      control.movedLogBytes(moved + end - head);
    }
    List<Path> tails = tails();
    for (Path old : tails.subList(0, Math.max(0, tails.size() - pieces))) {
      control.droppedLogBytes(control.droppedLogBytes() + Files.size(old));
      Files.delete(old);
    }
  }

  /** All bytes ever printed. */
  public long size() throws IOException {
    Path file = dir.resolve(FILE);
    return Files.exists(file) ? control.movedLogBytes() + Files.size(file) : 0;
  }

  /**
   * Reads what was printed from a position on, or from the next one after it that was kept.
   *
   * @return at most {@code max} bytes; none when nothing was printed there yet
   */
  public Slice read(long position, int max) throws IOException {
    while (true) {
      long moved = control.movedLogBytes();
      Slice slice = read(position, max, moved);
      // A cut in between has mixed up positions: once more.
      if (control.movedLogBytes() == moved) {
        return slice;
      }
    }
  }

  private Slice read(long position, int max, long moved) throws IOException {
    if (position < head || moved == 0) {
      long until = moved == 0 ? Long.MAX_VALUE : head;
      return new Slice(position, bytes(dir.resolve(FILE), position, (int) Math.min(max, until - position)));
    }
    if (position < head + moved) {
      for (Path tail : tails()) {
        long start = Long.parseLong(tail.getFileName().toString().split("\\.")[1]);
        byte[] bytes = bytes(tail, Math.max(0, position - start), max);
        if (bytes.length > 0) {
          return new Slice(Math.max(start, position), bytes);
        }
      }
      return new Slice(head + moved, bytes(dir.resolve(FILE), head, max));
    }
    return new Slice(position, bytes(dir.resolve(FILE), position - moved, max));
  }

  private List<Path> tails() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.filter(it -> it.getFileName().toString().matches("output\\.\\d{16}\\.tail")).sorted().toList();
    }
  }

  private static byte[] bytes(Path file, long from, int max) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate((int) Math.max(0, Math.min(max, channel.size() - from)));
      while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {}
      return Arrays.copyOf(buffer.array(), buffer.position());
    } catch (NoSuchFileException none) {
      return new byte[0];
    }
  }

  /** Bytes, and the position of the first of them: beyond the one asked for when what lay between was dropped. */
  public record Slice(long position, byte[] bytes) {}
}
