package io.trainyard.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The training's side of a spool: appends points to mapped memory; any thread may call anything.
 *
 * <p><b>Why a lock.</b> Claiming space with one atomic addition is faster under contention, but leaves a hole when the
 * process is killed between claim and write, and everything that other threads wrote behind the hole is lost with it.
 * Under one short lock records are whole from the first to the last, whatever instruction the process dies at.
 * Uncontended, the lock costs 10 of the 18 ns of a point.
 *
 * <p><b>Why nothing is thrown.</b> A tracker must not end a training of three days. A point that finds no room (the
 * disk is full, the agent has been away for longer than the limit allows, the file system fails under the mapping) is
 * counted as lost in the control page, for ever visible, and logging goes on as soon as there is room.
 *
 * <p><b>What survives.</b> The pages belong to the kernel: whatever was written is read by the agent even after kill -9
 * of this process. Power loss is not covered; the store syncs what it acknowledges, the spool does not.
 */
public final class SpoolWriter implements AutoCloseable {
  /** Unshipped bytes that are kept before points are lost. */
  public static final long DEFAULT_LIMIT = 1L << 30;

  /** Bytes of an exhibit's name and JSON together. */
  public static final int EXHIBIT_MAX = Layout.EXHIBIT_MAX;

  private static final int FIRST_SEGMENT = 256 << 10;
  private static final int SEGMENT = 4 << 20;

  /** Beyond this the id would not fit in a record's word. */
  private static final int MAX_SERIES = 1 << 24;

  private final SpinLock lock = new SpinLock();
  private final Control control;
  private final SegmentMaker segments;
  private final Map<String, Integer> ids = new ConcurrentHashMap<>();
  private byte[][] names = new byte[16][];

  /** The segment in which a series was last defined; -1 for none. */
  private int[] definedIn = new int[16];

  private int seriesCount;

  private @Nullable Segment segment;
  private int index = -1;
  private int offset;

  /**
   * Below this nothing but the series has to be checked: half of the segment at first, then its end, 0 without a
   * segment.
   */
  private int fast;

  private long logged;
  private long lost;
  private boolean done;

  private SpoolWriter(Control control, SegmentMaker segments) {
    this.control = control;
    this.segments = segments;
  }

  /** Opens an empty spool for an attempt. A folder that cannot be written costs all points, but not the training. */
  public static SpoolWriter open(Path dir, long limitBytes) {
    return open(dir, limitBytes, FIRST_SEGMENT, SEGMENT);
  }

  static SpoolWriter open(Path dir, long limitBytes, int firstSegment, int segment) {
    Control control;
    try {
      control = Control.open(dir);
      try (Stream<Path> files = Files.list(dir)) {
        if (files.anyMatch(it -> it.getFileName().toString().endsWith(".seg"))) {
          throw new IllegalStateException(dir + " has been written already; each attempt has a folder of its own");
        }
      }
    } catch (IOException unwritable) {
      control = Control.detached();
    }
    control.process(ProcessHandle.current().pid(), Pids.startOf(ProcessHandle.current().pid()));
    control.beat(System.currentTimeMillis());
    return new SpoolWriter(control, new SegmentMaker(dir, firstSegment, segment, limitBytes));
  }

  /** What the agent sees of this process. */
  public Control control() {
    return control;
  }

  public boolean stopRequested() {
    return control.stopRequested();
  }

  /** Says how far the training is; 0 is unknown. */
  public void progress(long step, long steps, long epoch, long epochs) {
    control.progress(step, steps, epoch, epochs);
  }

  /** Says which step is done, everything else as before. */
  public void step(long step) {
    control.step(step);
  }

  /**
   * The number by which points of a series are logged; the same each time.
   *
   * @return -1 when there are too many series: their points are lost
   */
  public int series(String name) {
    Integer known = ids.get(name);
    return known != null ? known : define(name);
  }

  private int define(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0 || bytes.length > Layout.NAME_MAX) {
      throw new IllegalArgumentException("a series' name has 1 to " + Layout.NAME_MAX + " bytes: \"" + name + "\"");
    }
    lock.lock();
    try {
      Integer known = ids.get(name);
      if (known != null) {
        return known;
      }
      if (seriesCount == MAX_SERIES) {
        return -1;
      }
      int id = seriesCount;
      if (id == names.length) {
        names = Arrays.copyOf(names, id * 2);
        definedIn = Arrays.copyOf(definedIn, id * 2);
      }
      names[id] = bytes;
      definedIn[id] = -1;
      seriesCount++;
      ids.put(name, id);
      return id;
    } finally {
      lock.unlock();
    }
  }

  /** Logs one point. */
  public void point(int series, long step, long ms, double value) {
    lock.lock();
    try {
      try {
        if (!room(series, Layout.POINT_BYTES)) {
          control.lost(++lost);
          return;
        }
        Segment to = segment;
        int at = offset;
        ByteBuffer bytes = to.bytes;
        bytes.putLong(at + 8, step);
        bytes.putLong(at + 16, ms);
        bytes.putDouble(at + 24, value);
        to.commit(at, Layout.word(Layout.POINT_BYTES - Layout.WORD, Layout.POINT, series));
        offset = at + Layout.POINT_BYTES;
        control.logged(++logged);
      } catch (InternalError sigbus) {
        abandon();
        control.lost(++lost);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Logs one point for each of {@code count} consecutive steps, all with one time.
   *
   * @param values {@code values[offset]} belongs to {@code firstStep}
   */
  public void block(int series, long firstStep, int count, long ms, float[] values, int offset) {
    for (int from = 0; from < count; from += Layout.BLOCK_MAX) {
      record(series, firstStep + from, Math.min(Layout.BLOCK_MAX, count - from), ms, values, offset + from);
    }
  }

  private void record(int series, long firstStep, int count, long ms, float[] values, int from) {
    int body = Layout.BLOCK_PREFIX + 4 * count;
    int whole = Layout.recordBytes(body);
    lock.lock();
    try {
      try {
        if (!room(series, whole)) {
          control.lost(lost += count);
          return;
        }
        Segment to = segment;
        int at = offset;
        ByteBuffer bytes = to.bytes;
        bytes.putLong(at + 8, firstStep);
        bytes.putLong(at + 16, ms);
        bytes.putInt(at + 24, count);
        int floats = at + Layout.WORD + Layout.BLOCK_PREFIX;
        for (int i = 0; i < count; i++) {
          bytes.putFloat(floats + 4 * i, values[from + i]);
        }
        to.commit(at, Layout.word(body, Layout.BLOCK, series));
        offset = at + whole;
        control.logged(logged += count);
      } catch (InternalError sigbus) {
        abandon();
        control.lost(lost += count);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Records a fact about the run. A value longer than 16 KiB is cut. */
  public void provenance(String key, String value) {
    byte[] k = Utf8.cut(key, Layout.NAME_MAX);
    byte[] v = Utf8.cut(value, Layout.TEXT_MAX);
    lock.lock();
    try {
      try {
        int body = 4 + k.length + v.length;
        if (roomFor(body)) {
          segment.bytes.putInt(offset + 8, k.length).put(offset + 12, k).put(offset + 12 + k.length, v);
          commit(body, Layout.PROVENANCE);
        }
      } catch (InternalError sigbus) {
        abandon();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Shows something beside the points.
   *
   * @param json with the name at most 1 MiB
   * @return whether there was room; if not, it is counted as a lost point is
   */
  public boolean exhibit(String name, long step, long ms, byte[] json) {
    byte[] n = name.getBytes(StandardCharsets.UTF_8);
    if (n.length == 0 || n.length > Layout.NAME_MAX || n.length + json.length > Layout.EXHIBIT_MAX) {
      throw new IllegalArgumentException(
          "an exhibit has a name of 1 to " + Layout.NAME_MAX + " bytes and with it at most " + Layout.EXHIBIT_MAX
              + " bytes, not " + n.length + " and " + json.length + ": \"" + name + "\"");
    }
    int body = Layout.EXHIBIT_PREFIX + n.length + json.length;
    lock.lock();
    try {
      try {
        if (roomFor(body)) {
          segment.bytes.putLong(offset + 8, step).putLong(offset + 16, ms).putInt(offset + 24, n.length);
          segment.bytes.put(offset + 28, n).put(offset + 28 + n.length, json);
          commit(body, Layout.EXHIBIT);
          return true;
        }
      } catch (InternalError sigbus) {
        abandon();
      }
      control.lost(++lost);
      return false;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Names a file that lies beside the segments, whole.
   *
   * @param json what the file is
   * @return whether there was room; if not, it is counted as a lost point is
   */
  public boolean keep(long ms, byte[] json) {
    if (json.length > Layout.KEEP_MAX) {
      throw new IllegalArgumentException(
          "what is said of a file has at most " + Layout.KEEP_MAX + " bytes, not " + json.length);
    }
    int body = Layout.KEEP_PREFIX + json.length;
    lock.lock();
    try {
      try {
        if (roomFor(body)) {
          segment.bytes.putLong(offset + 8, ms).put(offset + 16, json);
          commit(body, Layout.KEEP);
          return true;
        }
      } catch (InternalError sigbus) {
        abandon();
      }
      control.lost(++lost);
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Counts something that could not even be brought to the spool, a file say. */
  public void lose() {
    lock.lock();
    try {
      control.lost(++lost);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Records how the training ended: the last record. Points logged later are lost, and counted. Only the first call
   * counts.
   *
   * @param state FINISHED, STOPPED, DIVERGED or FAILED
   * @param reason a sentence, or nothing; cut after 2 KiB
   */
  public void end(String state, String reason, long ms) {
    byte[] s = Utf8.cut(state, 100);
    byte[] r = Utf8.cut(reason, Control.REASON_MAX);
    lock.lock();
    try {
      if (done) {
        return;
      }
      try {
        if (segment != null || roll(0)) {
          // The reserve of the segment holds it, even when the disk has been full for days.
          int body = 12 + s.length + r.length;
          segment.bytes.putLong(offset + 8, ms).putInt(offset + 16, s.length);
          segment.bytes.put(offset + 20, s).put(offset + 20 + s.length, r);
          commit(body, Layout.END);
        }
      } catch (InternalError sigbus) {
        abandon();
      }
      done = true;
      fast = 0;
      control.end(state, reason, ms);
    } finally {
      lock.unlock();
    }
  }

  /** Ends the writing without an end record, unless {@link #end} was called. Points logged later are lost. */
  @Override
  public void close() {
    lock.lock();
    try {
      done = true;
      fast = 0;
      segments.close();
      if (segment != null) {
        segment.unmap();
        segment = null;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Makes room for a record that belongs to no series. */
  private boolean roomFor(int body) {
    int bytes = Layout.recordBytes(body);
    // The very first segment is a small one; what does not fit there goes into the one behind it.
    return !done && (fits(bytes) || roll(bytes) && fits(bytes) || index < 0 && roll(0) && roll(bytes) && fits(bytes));
  }

  /** Makes such a record visible, its body having been written. */
  private void commit(int body, int kind) {
    segment.commit(offset, Layout.word(body, kind, 0));
    offset += Layout.recordBytes(body);
  }

  /** Makes room for a record of a series, and defines the series in this segment if need be. */
  private boolean room(int series, int bytes) {
    return offset + bytes <= fast && series >= 0 && series < seriesCount && definedIn[series] == index
        || makeRoom(series, bytes);
  }

  private boolean makeRoom(int series, int bytes) {
    if (done || series < 0 || series >= seriesCount) {
      return false;
    }
    byte[] name = names[series];
    int definition = definedIn[series] == index ? 0 : Layout.recordBytes(name.length);
    if (!fits(definition + bytes)) {
      definition = Layout.recordBytes(name.length);
      if (!roll(definition + bytes) || !fits(definition + bytes)) {
        return false;
      }
    }
    if (definition > 0) {
      segment.bytes.put(offset + Layout.WORD, name);
      segment.commit(offset, Layout.word(name.length, Layout.SERIES, series));
      offset += definition;
      definedIn[series] = index;
    }
    return true;
  }

  /**
   * Whether the segment holds so many bytes more beside its reserve. Orders the next one when half of this one is used.
   */
  private boolean fits(int bytes) {
    if (segment == null) {
      return false;
    }
    int end = segment.size - Layout.RESERVE;
    if (offset + bytes > end) {
      return false;
    }
    if (offset + bytes > fast) {
      fast = end;
      segments.want();
    }
    return true;
  }

  /** Goes on in the next segment, if that holds so many bytes: a small one is left for what is small. */
  private boolean roll(int bytes) {
    Segment next = segments.take(Layout.HEADER + bytes + Layout.RESERVE);
    if (next == null) {
      return false;
    }
    Segment full = segment;
    segment = next;
    int at = offset;
    index = next.index;
    offset = Layout.HEADER;
    fast = next.size / 2;
    if (full != null) {
      try {
        full.commit(at, Layout.word(0, Layout.ROLL, 0));
      } finally {
        full.unmap();
      }
    }
    return true;
  }

  /**
   * The disk failed under the mapping. The reader finds the next segment in use, and this one without its last word.
   */
  private void abandon() {
    fast = 0;
    if (segment != null) {
      offset = segment.size;
    }
  }
}
