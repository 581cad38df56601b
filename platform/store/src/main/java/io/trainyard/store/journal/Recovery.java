package io.trainyard.store.journal;

import io.trainyard.core.store.StoreException;
import io.trainyard.store.disk.Disk;
import io.trainyard.store.disk.DiskBytes;
import io.trainyard.store.disk.DiskFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the journal back when a store is opened, on the thread that opens it.
 *
 * <p>It cuts exactly one thing: a tail of the last segment that was never synced, and so never acknowledged. Anything
 * else that is not as it was written is named as {@link Damage} and stepped over; nothing is guessed.
 *
 * @param segments that there are, in order
 * @param nextSequence where the journal goes on
 * @param closed whether the last record says that the store was closed in order
 * @param damage empty when all is well
 * @param cutBytes of a torn tail
 */
public record Recovery(List<Segment> segments, long nextSequence, boolean closed, List<Damage> damage, long cutBytes) {
  /** Of the first record that there is; where the journal goes on when there is none. */
  public long firstSequence() {
    return segments.isEmpty() ? nextSequence : segments.get(0).firstSequence();
  }

  /** Of the last record that there is or was; 0 when there never was one. */
  public long lastSequence() {
    return segments.isEmpty() ? 0 : segments.get(segments.size() - 1).lastSequence();
  }

  /**
   * Reads everything and repairs the tail.
   *
   * @param known the highest sequence that something else (a snapshot, a chunk) is known to hold: new records come
   *     after it
   */
  public static Recovery run(Disk disk, long known, Journal.Visitor visitor) throws IOException {
    List<Long> numbers = new ArrayList<>();
    for (String name : disk.list(Segment.FOLDER)) {
      long number = Segment.number(name);
      if (number >= 0) {
        numbers.add(number);
      }
    }
    List<Segment> segments = new ArrayList<>();
    List<Damage> damage = new ArrayList<>();
    boolean[] closed = new boolean[1];
    Journal.Visitor watching =
        (sequence, kind, payload) -> {
          closed[0] = kind == RecordKind.CLOSED;
          visitor.record(sequence, kind, payload);
        };
    long next = -1;
    long cut = 0;
    for (int i = 0; i < numbers.size(); i++) {
      boolean last = i == numbers.size() - 1;
      String path = Segment.path(numbers.get(i));
      SegmentScan scan = new SegmentScan(path, DiskBytes.read(disk, path), damage);
      Layout.SegmentHead head = scan.head();
      if (head == null) {
        if (last && scan.size() <= Layout.SEGMENT_HEAD) {
          // The power went while it was being created: nothing in it was ever synced.
          cut += scan.size();
          disk.delete(path);
          disk.syncDirectory(Segment.FOLDER);
          continue;
        }
        head = headFromRecords(scan, path, numbers.get(i), next, damage);
      }
      if (head.version() > Layout.VERSION) {
        throw new StoreException.Unusable(
            path + " has version " + head.version() + " of the journal's format; this Trainyard knows up to "
                + Layout.VERSION
                + ". Use the newer Trainyard that wrote it.");
      }
      if (next >= 0 && head.firstSequence() > next) {
        damage.add(
            new Damage(path, 0, 0, "journal: records " + next + " to " + (head.firstSequence() - 1)
                + " are missing before " + path + "."));
      }
      long first = head.firstSequence();
      next = scan.read(first, !last, watching);
      if (last) {
        cut += scan.size() - scan.end();
        settle(disk, path, scan);
      }
      segments.add(new Segment(numbers.get(i), first, next - 1, scan.end()));
    }
    return new Recovery(segments, Math.max(next, known + 1), closed[0], List.copyOf(damage), cut);
  }

  /** The first bytes of a segment are bad, but it has records: they tell by themselves who they are. */
  private static Layout.SegmentHead headFromRecords(
      SegmentScan scan, String path, long number, long next, List<Damage> damage) {
    damage.add(
        new Damage(path, 0, Layout.SEGMENT_HEAD, path + ": its first " + Layout.SEGMENT_HEAD
            + " bytes are not what was written; its records are read all the same."));
    return new Layout.SegmentHead(Layout.VERSION, number, next >= 0 ? next : scan.firstSequence());
  }

  /**
   * Cuts the torn tail, and syncs what is left: after a mere kill the last records may be in the system's cache only,
   * and from here on they count. A chunk must never hold a record that the journal can still lose.
   */
  private static void settle(Disk disk, String path, SegmentScan scan) throws IOException {
    try (DiskFile file = disk.open(path)) {
      if (scan.end() < scan.size()) {
        file.truncate(scan.end());
      }
      file.force();
    }
  }
}
