package io.trainyard.store.snapshot;

import io.trainyard.core.model.Experiment;
import io.trainyard.store.chunk.ChunkFiles;
import io.trainyard.store.state.ImageParser;
import io.trainyard.store.state.KeyEntry;
import io.trainyard.store.state.RunImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads a snapshot, stepping over what is damaged. One thread. */
final class SnapshotSource {
  private final String path;
  private final ByteBuffer bytes;
  private final List<Experiment> experiments = new ArrayList<>();
  private final List<RunImage> runs = new ArrayList<>();
  private final List<KeyEntry> keys = new ArrayList<>();
  private final List<String> damage = new ArrayList<>();
  private long records;
  private long promised = -1;

  SnapshotSource(String path, ByteBuffer bytes) {
    this.path = path;
    this.bytes = bytes;
  }

  /** 0 when the head cannot be read. */
  int version() {
    return headIsGood() ? bytes.getInt(8) : 0;
  }

  Snapshot read(long sequenceByName) {
    ChunkFiles.Position synced = ChunkFiles.Position.NONE;
    if (headIsGood()) {
      synced = new ChunkFiles.Position(bytes.getLong(20), bytes.getLong(28));
    } else {
      damage.add(path + ": its first bytes are not what was written; what follows them is read all the same.");
    }
    int at = SnapshotLayout.HEAD;
    while (at < bytes.limit()) {
      int end = recordEnd(at);
      if (end < 0) {
        int good = at + 1;
        while (good < bytes.limit() && recordEnd(good) < 0) {
          good++;
        }
        damage.add(path + ": bytes " + at + " to " + (good - 1)
            + " are not what was written; a run, an experiment or a key is lost.");
        at = good;
        continue;
      }
      record(at, end);
      at = end;
    }
    if (promised < 0) {
      damage.add(path + ": it ends before its end; runs may be missing.");
    } else if (promised != records && damage.isEmpty()) {
      damage.add(path + ": it holds " + records + " records instead of " + promised + ".");
    }
    return new Snapshot(sequenceByName, synced, experiments, runs, keys, bytes.limit(), records, damage);
  }

  private boolean headIsGood() {
    return bytes.limit() >= SnapshotLayout.HEAD
        && bytes.getLong(0) == SnapshotLayout.MAGIC
        && bytes.getInt(SnapshotLayout.HEAD - 4) == SnapshotLayout.checksum(bytes, 0, SnapshotLayout.HEAD - 4);
  }

  private int recordEnd(int at) {
    if (bytes.limit() - at < SnapshotLayout.RECORD_HEAD || bytes.getInt(at) != SnapshotLayout.RECORD_MAGIC) {
      return -1;
    }
    int length = bytes.getInt(at + 8);
    if (length < 0 || length > bytes.limit() - at - SnapshotLayout.RECORD_HEAD) {
      return -1;
    }
    int end = at + SnapshotLayout.RECORD_HEAD + length;
    return bytes.getInt(at + 4) == SnapshotLayout.checksum(bytes, at + 8, end - at - 8) ? end : -1;
  }

  private void record(int at, int end) {
    int from = at + SnapshotLayout.RECORD_HEAD;
    ByteBuffer payload = bytes.slice(from, end - from);
    byte kind = bytes.get(at + 12);
    if (kind == SnapshotLayout.END) {
      promised = payload.getLong();
      return;
    }
    records++;
    try {
      switch (kind) {
        case SnapshotLayout.EXPERIMENT -> experiments.add(ImageParser.experiment(copy(payload)));
        case SnapshotLayout.RUN -> runs.add(ImageParser.run(copy(payload)));
        case SnapshotLayout.KEY -> keys.add(SnapshotLayout.key(payload));
        default -> damage.add(path + ": byte " + at + " starts a record of the unknown kind " + kind + ".");
      }
    } catch (RuntimeException unreadable) {
      damage.add(path + ": the record at byte " + at + " has the right checksum but makes no sense (" + unreadable
          + ").");
    }
  }

  private static byte[] copy(ByteBuffer payload) {
    byte[] copy = new byte[payload.remaining()];
    payload.get(copy);
    return copy;
  }
}
