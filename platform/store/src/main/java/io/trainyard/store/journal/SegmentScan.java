package io.trainyard.store.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one segment from its first byte, and decides at each bad place between a torn tail and corruption. Used by
 * recovery and by the scrub, each on its own thread.
 */
final class SegmentScan {
  private final String path;
  private final ByteBuffer bytes;
  private final List<Damage> damage;

  /** Where the whole records end: behind it there is nothing, or a torn tail. */
  private int end = Layout.SEGMENT_HEAD;

  private long records;

  SegmentScan(String path, ByteBuffer bytes, List<Damage> damage) {
    this.path = path;
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    this.damage = damage;
  }

  Layout.@Nullable SegmentHead head() {
    return Layout.segmentHead(bytes);
  }

  int end() {
    return end;
  }

  long records() {
    return records;
  }

  int size() {
    return bytes.limit();
  }

  /** Of the first good record, for a segment whose head is bad; 1 when there is none. */
  long firstSequence() {
    for (int at = 0; at <= bytes.limit() - Layout.RECORD_HEAD; at++) {
      Layout.RecordHead record = Layout.recordHead(bytes, at);
      if (record != null) {
        return record.sequence();
      }
    }
    return 1;
  }

  /**
   * Visits the good records.
   *
   * @param expected sequence of the first one
   * @param complete whether all of it is known to have been synced, so that there can be no torn tail
   * @return the sequence that the next segment starts with
   */
  long read(long expected, boolean complete, Journal.Visitor visitor) {
    long next = expected;
    int at = Layout.SEGMENT_HEAD;
    while (at < bytes.limit()) {
      Layout.RecordHead record = Layout.recordHead(bytes, at);
      if (record != null && record.sequence() == next) {
        visit(record, visitor);
        at = record.end();
        next++;
        end = at;
        continue;
      }
      Layout.RecordHead good = nextAfterCorruption(at, next, complete);
      if (good == null) {
        if (complete) {
          damage.add(new Damage(path, at, bytes.limit(), sentence(at, bytes.limit(), next, -1)));
          end = bytes.limit();
        }
        return next;
      }
      damage.add(new Damage(path, at, good.at(), sentence(at, good.at(), next, good.sequence() - 1)));
      at = good.at();
      next = good.sequence();
    }
    return next;
  }

  private void visit(Layout.RecordHead record, Journal.Visitor visitor) {
    records++;
    try {
      visitor.record(record.sequence(), RecordKind.of(record.kind()), Layout.payload(bytes, record));
    } catch (RuntimeException unreadable) {
      damage.add(
          new Damage(
              path,
              record.at(),
              record.end(),
              path + ": record " + record.sequence() + " at byte " + record.at()
                  + " has the right checksum but makes no sense ("
                  + unreadable + "). The change that it held is lost."));
    }
  }

  /** The first good record behind a bad place, if one behind it proves that the bad place had been synced. */
  private Layout.@Nullable RecordHead nextAfterCorruption(int bad, long lost, boolean complete) {
    Layout.RecordHead first = null;
    int at = bad + 1;
    while (at <= bytes.limit() - Layout.RECORD_HEAD) {
      Layout.RecordHead record = Layout.recordHead(bytes, at);
      if (record == null || record.sequence() < lost) {
        at++;
        continue;
      }
      if (first == null) {
        first = record;
      }
      if (complete || record.synced() >= lost) {
        return first;
      }
      at = record.end();
    }
    return null;
  }

  private String sentence(long from, long to, long firstLost, long lastLost) {
    String which =
        lastLost < 0
            ? "record " + firstLost + " and those behind it"
            : lastLost < firstLost
                ? "nothing but these bytes"
                : lastLost == firstLost ? "record " + firstLost : "records " + firstLost + " to " + lastLost;
    return path + ": bytes " + from + " to " + (to - 1) + " are not what was written; lost: " + which
        + ". All other records are unharmed.";
  }
}
