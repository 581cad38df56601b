package io.trainyard.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The agent's side of a spool: reads whole records as they appear, from any position that it had before; one thread at
 * a time.
 *
 * <p>A word of 0 is where the writer is now, or where it died; the reader waits there. It moves on when the writer has:
 * ROLL says so, and if the writer's disk failed before it could write ROLL, the first record of the next segment does.
 * What makes no sense is told to the visitor once, and skipped to the next segment.
 */
public final class SpoolReader implements AutoCloseable {
  private final Path dir;
  private final Control control;
  private @Nullable Segment segment;
  private int index;
  private int offset;
  private boolean damaged;
  private boolean ended;
  private @Nullable String[] names = new String[16];
  private float[] floats = new float[256];

  private SpoolReader(Path dir, Control control, long position) {
    this.dir = dir;
    this.control = control;
    this.index = Layout.segmentOf(position);
    this.offset = Math.max(Layout.HEADER, Layout.offsetOf(position));
  }

  /**
   * Opens a spool, which may not have been written yet.
   *
   * @param position 0, or what {@link #position} answered before
   */
  public static SpoolReader open(Path dir, long position) throws IOException {
    return new SpoolReader(dir, Control.open(dir), position);
  }

  /** What the training process says of itself, and where it is asked to stop. */
  public Control control() {
    return control;
  }

  /** Where the next {@link #poll} goes on: grows with every record; 0 only before the first one. */
  public long position() {
    return index == 0 && offset == Layout.HEADER ? 0 : Layout.position(index, offset);
  }

  /** Whether the end record was read: nothing will follow. */
  public boolean atEnd() {
    return ended;
  }

  /**
   * Reads what is there, record by record.
   *
   * @param maxPoints no further record is read once so many points were; a block is at most 4,096 of them. What is
   *     shown or kept counts as the points that take as much room: at most some 33,000 of them
   * @return how many points were read; with 0, a changed {@link #position} tells that something else was
   */
  public int poll(Visitor visitor, int maxPoints) throws IOException {
    // Asked before the records are: a writer that says it is done has written its end record, if it ever will.
    boolean over = control.ended();
    int points = 0;
    long others = 0;
    boolean idle = false;
    while (points + others / Layout.POINT_BYTES < maxPoints && !ended && !idle) {
      Segment from = segment != null ? segment : enter(visitor);
      if (from == null) {
        idle = true;
        continue;
      }
      long word = damaged || offset + Layout.WORD > from.size ? 0 : from.word(offset);
      if (word == 0) {
        if (writerLeft(from)) {
          next();
        } else {
          idle = true;
        }
        continue;
      }
      if (Layout.kind(word) == Layout.ROLL) {
        next();
        continue;
      }
      int bytes = Layout.recordBytes(Layout.bodyBytes(word));
      if (Layout.bodyBytes(word) < 0 || bytes < 0 || offset + (long) bytes > from.size) {
        report(visitor, "a record says that it has " + Layout.bodyBytes(word) + " bytes");
        continue;
      }
      int read = read(from, word, visitor);
      if (read < 0) {
        report(visitor, "a record of kind " + Layout.kind(word) + " does not hold together");
        continue;
      }
      points += read;
      others += Layout.kind(word) >= Layout.EXHIBIT ? bytes : 0;
      offset += bytes;
    }
    if (idle && over) {
      // The writer had no segment for its end record, or its disk failed. The control page has it too.
      ended = true;
      visitor.end(control.endState(), control.endReason(), control.endTime());
    }
    return points;
  }

  /**
   * Deletes the segments of which everything lies before this position. Called with what the store has acknowledged.
   */
  public void deleteBefore(long position) throws IOException {
    int keep = Layout.segmentOf(position);
    List<Path> old;
    try (Stream<Path> files = Files.list(dir)) {
      old =
          files
              .filter(it -> it.getFileName().toString().matches("\\d{8}\\.seg") && number(it) < keep)
              .sorted()
              .toList();
    }
    for (Path file : old) {
      Files.deleteIfExists(file);
    }
  }

  @Override
  public void close() {
    leave();
    ended = true;
  }

  private static long number(Path file) {
    return Long.parseLong(file.getFileName().toString().substring(0, 8));
  }

  /** Opens the segment at the position, and learns the names that were defined before it. */
  private @Nullable Segment enter(Visitor visitor) throws IOException {
    Segment entered;
    try {
      entered = Segment.open(dir, index);
    } catch (NoSuchFileException notYet) {
      return null;
    }
    segment = entered;
    damaged = false;
    String damage = entered.damage();
    if (!damage.isEmpty()) {
      report(visitor, damage);
      return entered;
    }
    Arrays.fill(names, null);
    int until = offset;
    offset = Layout.HEADER;
    while (offset < until && offset + Layout.WORD <= entered.size) {
      long word = entered.word(offset);
      int bytes = Layout.recordBytes(Layout.bodyBytes(word));
      if (word == 0 || Layout.bodyBytes(word) < 0 || offset + (long) bytes > until) {
        offset = until;
        report(visitor, "the position " + until + " is not between two records");
        return entered;
      }
      if (Layout.kind(word) == Layout.SERIES) {
        define(entered, word);
      }
      offset += bytes;
    }
    return entered;
  }

  private void report(Visitor visitor, String what) {
    damaged = true;
    visitor.damaged(position(), "segment " + index + " of the spool is damaged at byte " + offset + ": " + what);
  }

  /** Whether records follow in the next segment though this one has neither a word here nor ROLL. */
  private boolean writerLeft(Segment here) throws IOException {
    if (!Files.exists(Segment.file(dir, index + 1))) {
      return false;
    }
    Segment following = Segment.open(dir, index + 1);
    boolean used = following.size > Layout.HEADER && following.word(Layout.HEADER) != 0;
    following.unmap();
    // The writer writes ROLL here before its first record there; so if that is seen, this has to be looked at once
    // more.
    return used && (damaged || offset + Layout.WORD > here.size || here.word(offset) == 0);
  }

  private void next() {
    leave();
    index++;
    offset = Layout.HEADER;
  }

  private void leave() {
    if (segment != null) {
      segment.unmap();
      segment = null;
    }
  }

  /** Points in the record; -1 if its parts do not fit in it. */
  private int read(Segment from, long word, Visitor visitor) {
    int body = Layout.bodyBytes(word);
    int at = offset + Layout.WORD;
    switch (Layout.kind(word)) {
      case Layout.SERIES -> define(from, word);
      case Layout.POINT -> {
        String name = name(word);
        if (name == null || body != Layout.POINT_BYTES - Layout.WORD) {
          return -1;
        }
        visitor.point(name, from.bytes.getLong(at), from.bytes.getLong(at + 8), from.bytes.getDouble(at + 16));
        return 1;
      }
      case Layout.BLOCK -> {
        String name = name(word);
        int count = body < Layout.BLOCK_PREFIX ? -1 : from.bytes.getInt(at + 16);
        if (name == null || count < 1 || body != Layout.BLOCK_PREFIX + 4L * count) {
          return -1;
        }
        if (floats.length < count) {
          floats = new float[Integer.highestOneBit(count) * 2];
        }
        for (int i = 0; i < count; i++) {
          floats[i] = from.bytes.getFloat(at + Layout.BLOCK_PREFIX + 4 * i);
        }
        visitor.block(name, from.bytes.getLong(at), from.bytes.getLong(at + 8), floats, count);
        return count;
      }
      case Layout.PROVENANCE -> {
        int key = body < 4 ? -1 : from.bytes.getInt(at);
        if (key < 0 || key > body - 4) {
          return -1;
        }
        visitor.provenance(text(from, at + 4, key), text(from, at + 4 + key, body - 4 - key));
      }
      case Layout.END -> {
        int state = body < 12 ? -1 : from.bytes.getInt(at + 8);
        if (state < 0 || state > body - 12) {
          return -1;
        }
        ended = true;
        visitor.end(
            text(from, at + 12, state), text(from, at + 12 + state, body - 12 - state), from.bytes.getLong(at));
      }
      case Layout.EXHIBIT -> {
        int name = body < Layout.EXHIBIT_PREFIX ? -1 : from.bytes.getInt(at + 16);
        int json = body - Layout.EXHIBIT_PREFIX - name;
        if (name < 0 || json < 0) {
          return -1;
        }
        visitor.exhibit(
            Layout.position(index, offset),
            text(from, at + Layout.EXHIBIT_PREFIX, name),
            from.bytes.getLong(at),
            from.bytes.getLong(at + 8),
            bytes(from, at + Layout.EXHIBIT_PREFIX + name, json));
      }
      case Layout.KEEP -> {
        if (body < Layout.KEEP_PREFIX) {
          return -1;
        }
        byte[] json = bytes(from, at + Layout.KEEP_PREFIX, body - Layout.KEEP_PREFIX);
        visitor.keep(Layout.position(index, offset), from.bytes.getLong(at), json);
      }
      default -> {
        // A kind of a later version: its length is all that one has to know.
      }
    }
    return 0;
  }

  private void define(Segment from, long word) {
    int series = Layout.series(word);
    if (series >= names.length) {
      names = Arrays.copyOf(names, Math.max(series + 1, names.length * 2));
    }
    names[series] = text(from, offset + Layout.WORD, Layout.bodyBytes(word));
  }

  private @Nullable String name(long word) {
    int series = Layout.series(word);
    return series < names.length ? names[series] : null;
  }

  private static String text(Segment from, int at, int length) {
    return new String(bytes(from, at, length), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(Segment from, int at, int length) {
    byte[] bytes = new byte[length];
    from.bytes.get(at, bytes);
    return bytes;
  }

  /** Takes what is read; called by the thread that polls. */
  public interface Visitor {
    void point(String series, long step, long ms, double value);

    /**
     * A value for each of {@code count} consecutive steps.
     *
     * @param values reused after the return: copy what is to be kept
     */
    void block(String series, long firstStep, long ms, float[] values, int count);

    default void provenance(String key, String value) {}

    /**
     * Something to look at.
     *
     * @param position of the record: grows from each to the next, and is the same whenever it is read
     * @param json belongs to the visitor from now on
     */
    default void exhibit(long position, String name, long step, long ms, byte[] json) {}

    /**
     * A file in the folder {@code files} beside the segments.
     *
     * @param position as of an exhibit
     * @param json what the file is; belongs to the visitor from now on
     */
    default void keep(long position, long ms, byte[] json) {}

    /**
     * The last record.
     *
     * @param state FINISHED, STOPPED, DIVERGED or FAILED
     * @param reason a sentence, or empty
     */
    default void end(String state, String reason, long ms) {}

    /**
     * Something makes no sense: what follows in this segment is lost, and the reader goes on with the next one. Told
     * once for each.
     */
    default void damaged(long position, String what) {}
  }
}
