package io.trainyard.store.view;

import io.trainyard.store.chunk.ChunkFiles;
import io.trainyard.store.disk.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * {@code view.ckpt}: a copy of a closed view, with what it knows and a checksum of all of it behind. A view is only
 * ever opened from such a copy, just made and just checked, so it never matters how the last one ended. Called under
 * the view's lock.
 */
final class Checkpoint {
  private static final long MAGIC = 0x5459524456494557L; // TYRDVIEW
  private static final int VERSION = 1;
  private static final int TRAILER = 48;
  private static final int PIECE = 1 << 20;

  private Checkpoint() {}

  /**
   * What a view holds.
   *
   * @param sequence runs and experiments as they were after this change
   * @param synced the chunks before this place
   */
  record Knowledge(long sequence, ChunkFiles.Position synced) {}

  static void write(Path view, Path checkpoint, Knowledge known) throws IOException {
    Path draft = checkpoint.resolveSibling(checkpoint.getFileName() + ".tmp");
    try (FileChannel from = FileChannel.open(view, StandardOpenOption.READ);
        FileChannel to =
            FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
      CRC32C crc = new CRC32C();
      long size = from.size();
      copy(from, to, size, crc);
      ByteBuffer trailer = ByteBuffer.allocate(TRAILER);
      trailer.putLong(MAGIC).putInt(VERSION).putLong(size).putLong(known.sequence());
      trailer.putLong(known.synced().file()).putLong(known.synced().offset());
      crc.update(trailer.duplicate().flip());
      trailer.putInt((int) crc.getValue()).flip();
      to.write(trailer);
      to.force(false);
    } catch (IOException failure) {
      // Half a copy is of no use, and may be what fills the disk.
      Files.deleteIfExists(draft);
      throw DiskFullException.recognise(String.valueOf(draft.getFileName()), failure);
    }
    Files.move(draft, checkpoint, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Copies a checkpoint back and answers what it knows; null when there is none that is whole. */
  static @Nullable Knowledge restore(Path checkpoint, Path view) throws IOException {
    if (!Files.exists(checkpoint)) {
      return null;
    }
    Files.deleteIfExists(view);
    try (FileChannel to = FileChannel.open(view, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      return read(checkpoint, to);
    }
  }

  /** Checks the checksum; null when it is wrong. */
  static @Nullable Knowledge verify(Path checkpoint) throws IOException {
    return read(checkpoint, null);
  }

  private static @Nullable Knowledge read(Path checkpoint, @Nullable FileChannel copy) throws IOException {
    try (FileChannel from = FileChannel.open(checkpoint, StandardOpenOption.READ)) {
      long size = from.size() - TRAILER;
      if (size < 0) {
        return null;
      }
      ByteBuffer trailer = ByteBuffer.allocate(TRAILER);
      while (trailer.hasRemaining() && from.read(trailer, size + trailer.position()) > 0) {
        continue;
      }
      trailer.flip();
      CRC32C crc = new CRC32C();
      copy(from, copy, size, crc);
      crc.update(trailer.slice(0, TRAILER - 4));
      boolean whole =
          trailer.getLong() == MAGIC
              && trailer.getInt() == VERSION
              && trailer.getLong() == size
              && trailer.getInt(TRAILER - 4) == (int) crc.getValue();
      return whole
          ? new Knowledge(trailer.getLong(20), new ChunkFiles.Position(trailer.getLong(28), trailer.getLong(36)))
          : null;
    }
  }

  private static void copy(FileChannel from, @Nullable FileChannel to, long size, CRC32C crc) throws IOException {
    ByteBuffer piece = ByteBuffer.allocateDirect((int) Math.max(1, Math.min(PIECE, size)));
    for (long at = 0; at < size; ) {
      piece.clear().limit((int) Math.min(piece.capacity(), size - at));
      int read = from.read(piece, at);
      if (read <= 0) {
        return;
      }
      at += read;
      piece.flip();
      crc.update(piece.duplicate());
      while (to != null && piece.hasRemaining()) {
        to.write(piece);
      }
    }
  }
}
