package io.trainyard.store.snapshot;

import io.trainyard.core.model.Experiment;
import io.trainyard.core.store.StoreException;
import io.trainyard.store.chunk.ChunkFiles;
import io.trainyard.store.disk.Disk;
import io.trainyard.store.disk.DiskBytes;
import io.trainyard.store.disk.DiskFile;
import io.trainyard.store.state.Capture;
import io.trainyard.store.state.ImageCodec;
import io.trainyard.store.state.KeyEntry;
import io.trainyard.store.state.RunImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folder of snapshots: {@code snapshots/<sequence>.snap}. The sealer writes; the opening thread reads the newest
 * that is whole.
 *
 * <p>There is one, but while a new one takes the place of the old: the old one goes after the new one is durable and
 * the journal that only the old one needed is gone.
 */
public final class Snapshots {
  static final String FOLDER = "snapshots";
  private static final String DRAFT = FOLDER + "/draft.tmp";

  private final Disk disk;
  private volatile long bytes;

  public Snapshots(Disk disk) {
    this.disk = disk;
  }

  /** Of the newest one. */
  public long bytes() {
    return bytes;
  }

  /** @param synced what of the chunk files is durable */
  public void write(Capture capture, ChunkFiles.Position synced) throws IOException {
    disk.delete(DRAFT);
    long written;
    try (DiskFile file = disk.open(DRAFT)) {
      SnapshotSink sink = new SnapshotSink(file);
      sink.head(capture.sequence(), synced);
      for (Experiment experiment : capture.experiments()) {
        sink.record(SnapshotLayout.EXPERIMENT, ImageCodec.write(experiment));
      }
      for (RunImage run : capture.runs()) {
        sink.record(SnapshotLayout.RUN, ImageCodec.write(run));
      }
      for (KeyEntry key : capture.keys()) {
        sink.record(SnapshotLayout.KEY, SnapshotLayout.key(key));
      }
      sink.end();
      file.force();
      written = file.size();
    }
    disk.rename(DRAFT, path(capture.sequence()));
    disk.syncDirectory(FOLDER);
    bytes = written;
  }

  /** Deletes those older than the newest. */
  public void forgetOlder() throws IOException {
    List<Long> all = sequences();
    for (int i = 0; i < all.size() - 1; i++) {
      disk.delete(path(all.get(i)));
    }
    if (all.size() > 1) {
      disk.syncDirectory(FOLDER);
    }
  }

  /** The newest whole one; if there is none, the newest with what of it can be read; null if there is none at all. */
  public @Nullable Snapshot newest() throws IOException {
    List<Long> all = sequences();
    Snapshot best = null;
    for (int i = all.size() - 1; i >= 0; i--) {
      Snapshot snapshot = read(all.get(i));
      if (best == null) {
        best = snapshot;
      }
      if (snapshot.damage().isEmpty()) {
        best = snapshot;
        break;
      }
    }
    if (best != null) {
      bytes = best.bytes();
    }
    return best;
  }

  /** Reads them all for the scrub. */
  public List<Snapshot> all() throws IOException {
    List<Snapshot> snapshots = new ArrayList<>();
    for (long sequence : sequences()) {
      try {
        snapshots.add(read(sequence));
      } catch (IOException failure) {
        if (disk.exists(path(sequence))) {
          throw failure;
        }
        // A newer one has taken its place meanwhile.
      }
    }
    return snapshots;
  }

  private Snapshot read(long sequence) throws IOException {
    String path = path(sequence);
    ByteBuffer content = DiskBytes.read(disk, path);
    SnapshotSource source = new SnapshotSource(path, content);
    Snapshot snapshot = source.read(sequence);
    if (source.version() > SnapshotLayout.VERSION) {
      throw new StoreException.Unusable(
          path + " has version " + source.version() + " of the snapshot's format; this Trainyard knows up to "
              + SnapshotLayout.VERSION + ". Use the newer Trainyard that wrote it.");
    }
    return snapshot;
  }

  private List<Long> sequences() throws IOException {
    List<Long> sequences = new ArrayList<>();
    for (String name : disk.list(FOLDER)) {
      if (name.matches("\\d{19}\\.snap")) {
        sequences.add(Long.parseLong(name.substring(0, 19)));
      }
    }
    return sequences;
  }

  private static String path(long sequence) {
    return String.format("%s/%019d.snap", FOLDER, sequence);
  }
}
