package io.trainyard.store.snapshot;

import io.trainyard.store.chunk.ChunkFiles;
import io.trainyard.store.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes a snapshot in pieces, so that it is never in memory whole. The sealer calls. */
final class SnapshotSink {
  private static final int PIECE = 1 << 18;

  private final DiskFile file;
  private ByteBuffer piece = ByteBuffer.allocate(PIECE);
  private long records;

  SnapshotSink(DiskFile file) {
    this.file = file;
  }

  void head(long sequence, ChunkFiles.Position synced) {
    piece.putLong(SnapshotLayout.MAGIC).putInt(SnapshotLayout.VERSION).putLong(sequence);
    piece.putLong(synced.file()).putLong(synced.offset());
    piece.putInt(SnapshotLayout.checksum(piece.duplicate().flip(), 0, SnapshotLayout.HEAD - 4));
  }

  void record(byte kind, byte[] payload) throws IOException {
    int length = SnapshotLayout.RECORD_HEAD + payload.length;
    if (piece.remaining() < length) {
      flush();
      if (piece.capacity() < length) {
        piece = ByteBuffer.allocate(length);
      }
    }
    int at = piece.position();
    piece.putInt(SnapshotLayout.RECORD_MAGIC).putInt(0).putInt(payload.length).put(kind).put(payload);
    piece.putInt(at + 4, SnapshotLayout.checksum(piece.duplicate().flip(), at + 8, length - 8));
    records++;
  }

  void end() throws IOException {
    record(SnapshotLayout.END, ByteBuffer.allocate(8).putLong(records).array());
    flush();
  }

  private void flush() throws IOException {
    file.append(piece.flip());
    piece.clear();
  }
}
