package io.trainyard.store.journal;

import io.trainyard.store.disk.Disk;
import io.trainyard.store.disk.DiskBytes;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks a segment of a journal that is in use, as far as it was durable when the segment was asked for. Any thread.
 *
 * @param records whose checksums were right
 */
public record JournalScrub(long records) {
  /** Null when the segment has been retired meanwhile. */
  public static @Nullable JournalScrub read(Disk disk, Segment segment, List<Damage> damage) throws IOException {
    SegmentScan scan;
    try {
      scan = new SegmentScan(segment.path(), DiskBytes.read(disk, segment.path(), segment.bytes()), damage);
    } catch (IOException failure) {
      if (!disk.exists(segment.path())) {
        return null;
      }
      throw failure;
    }
    if (scan.head() == null) {
      damage.add(
          new Damage(
              segment.path(), 0, Layout.SEGMENT_HEAD, segment.path() + ": its first " + Layout.SEGMENT_HEAD
                  + " bytes are not what was written."));
    }
    long next = scan.read(segment.firstSequence(), true, (sequence, kind, payload) -> {});
    if (next <= segment.lastSequence()) {
      damage.add(
          new Damage(
              segment.path(),
              scan.size(),
              scan.size(),
              segment.path() + ": records " + next + " to " + segment.lastSequence() + " are missing at its end."));
    }
    return new JournalScrub(scan.records());
  }
}
