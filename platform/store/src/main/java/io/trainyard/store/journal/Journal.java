package io.trainyard.store.journal;

import io.trainyard.store.Phase;
import io.trainyard.store.disk.Disk;
import io.trainyard.store.disk.DiskFile;
import io.trainyard.store.disk.DiskFullException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Makes groups of records durable, in order. The store's writer thread commits; the sealer retires segments; any thread
 * may ask for sizes.
 */
public final class Journal implements Closeable {
  /** Gets the good records in order. The payload is valid during the call. */
  @FunctionalInterface
  public interface Visitor {
    void record(long sequence, RecordKind kind, ByteBuffer payload);
  }

  /**
   * A sync failed: what the disk holds is unknown, and asking again would only make it look well (the kernel drops the
   * error).
   */
  public static final class SyncFailed extends IOException {
    private static final long serialVersionUID = 1L;

    SyncFailed(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private final Disk disk;
  private final long segmentBytes;
  private final Group group;
  private final ConcurrentSkipListMap<Long, Segment> segments = new ConcurrentSkipListMap<>();
  private final LongAdder fsyncs = new LongAdder();
  private final LongAdder fsyncNanos = new LongAdder();
  private final AtomicLong finishedBytes = new AtomicLong();
  private final AtomicLong writtenBytes = new AtomicLong();
  private @Nullable DiskFile file;
  private long number;
  private boolean rollNext;

  /**
   * Goes on behind what recovery has found.
   *
   * @param found the segments that there are, in order
   * @param nextSequence of the next record
   */
  public Journal(Disk disk, long segmentBytes, List<Segment> found, long nextSequence) throws IOException {
    this.disk = disk;
    this.segmentBytes = segmentBytes;
    this.group = new Group(nextSequence);
    for (Segment segment : found) {
      segments.put(segment.number(), segment);
    }
    for (Segment segment : finished()) {
      finishedBytes.addAndGet(segment.bytes());
    }
    if (!found.isEmpty()) {
      number = segments.lastKey();
      file = disk.open(Segment.path(number));
    }
  }

  public Group group() {
    return group;
  }

  /** The next group starts a new segment, so that the present one can be retired. */
  public void roll() {
    rollNext = true;
  }

  /** One write, one sync. After a {@link DiskFullException} the group is as it was and nothing of it is in the file. */
  public void commit() throws IOException {
    Segment segment = file == null ? null : segments.get(number);
    boolean start =
        segment == null
            || segment.lastSequence() >= segment.firstSequence()
                && (rollNext || segment.bytes() + group.bytes() > segmentBytes);
    if (start) {
      segment = startSegment();
    }
    DiskFile target = Objects.requireNonNull(file);
    try {
      target.append(group.written());
    } catch (DiskFullException full) {
      target.truncate(segment.bytes());
      throw full;
    }
    force(target, segment.path());
    segments.put(
        number,
        new Segment(number, segment.firstSequence(), group.nextSequence() - 1, segment.bytes() + group.bytes()));
    writtenBytes.addAndGet(group.bytes());
    group.committed();
  }

  /** A segment's name must be durable before anything in it is: its folder is synced first. */
  private Segment startSegment() throws IOException {
    long next = segments.isEmpty() ? 1 : number + 1;
    String path = Segment.path(next);
    DiskFile created = disk.open(path);
    try {
      created.truncate(0);
      ByteBuffer head = ByteBuffer.allocate(Layout.SEGMENT_HEAD).order(ByteOrder.LITTLE_ENDIAN);
      Layout.putSegmentHead(head, next, group.syncedSequence() + 1);
      created.append(head.flip());
      // Synced by itself: so a torn head means that nothing behind it was ever acknowledged.
      created.force();
      disk.syncDirectory(Segment.FOLDER);
    } catch (DiskFullException full) {
      created.close();
      disk.delete(path);
      throw full;
    }
    if (file != null) {
      file.close();
      finishedBytes.addAndGet(Objects.requireNonNull(segments.get(number)).bytes());
    }
    file = created;
    number = next;
    rollNext = false;
    Segment segment = new Segment(next, group.syncedSequence() + 1, group.syncedSequence(), Layout.SEGMENT_HEAD);
    segments.put(next, segment);
    return segment;
  }

  private void force(DiskFile target, String path) throws SyncFailed {
    long start = System.nanoTime();
    Phase.FSYNC.enter();
    try {
      target.force();
    } catch (IOException failure) {
      throw new SyncFailed(path + " could not be synced: " + failure.getMessage(), failure);
    } finally {
      Phase.FSYNC.leave();
    }
    fsyncs.increment();
    fsyncNanos.add(System.nanoTime() - start);
  }

  /** The segments that nothing is appended to any more. */
  public List<Segment> finished() {
    List<Segment> all = new ArrayList<>(segments.values());
    if (!all.isEmpty()) {
      all.remove(all.size() - 1);
    }
    return all;
  }

  /** In segments that nothing is appended to any more. */
  public long finishedBytes() {
    return finishedBytes.get();
  }

  /** Since the start. */
  public long writtenBytes() {
    return writtenBytes.get();
  }

  /** All segments, with the bytes that are durable. */
  public List<Segment> segments() {
    return List.copyOf(segments.values());
  }

  public long bytes() {
    long sum = 0;
    for (Segment segment : segments.values()) {
      sum += segment.bytes();
    }
    return sum;
  }

  /** Deletes finished segments whose records are all kept elsewhere, oldest first so that no gap can come to be. */
  public void retire(long throughSequence) throws IOException {
    for (Segment segment : finished()) {
      if (segment.lastSequence() > throughSequence) {
        break;
      }
      Phase.RETIRING.enter();
      try {
        disk.delete(segment.path());
        disk.syncDirectory(Segment.FOLDER);
      } finally {
        Phase.RETIRING.leave();
      }
      segments.remove(segment.number());
      finishedBytes.addAndGet(-segment.bytes());
    }
  }

  public long fsyncs() {
    return fsyncs.sum();
  }

  public long fsyncNanos() {
    return fsyncNanos.sum();
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
