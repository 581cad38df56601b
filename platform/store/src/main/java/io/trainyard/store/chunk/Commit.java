package io.trainyard.store.chunk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Says that all before it counts, and which files there must be: what makes a group of frames one change, and a lost
 * file visible. Immutable.
 *
 * @param nextOrder for the next chunk
 * @param files all that still hold something, the one with this commit included
 */
record Commit(long nextOrder, List<State> files) {
  /**
   * @param size without this commit itself
   * @param chunks ever appended
   * @param liveChunks not superseded, likewise bytes
   */
  record State(long number, long size, long chunks, long liveChunks, long liveBytes) {}

  byte[] toBytes() {
    ByteSink out = new ByteSink(16 + 16 * files.size());
    out.varint(nextOrder).varint(files.size());
    for (State file : files) {
      out.varint(file.number).varint(file.size).varint(file.chunks).signed(file.liveChunks).signed(file.liveBytes);
    }
    return out.toBytes();
  }

  static Commit read(ByteBuffer in) {
    long nextOrder = ByteSink.varint(in);
    int count = ByteSink.length(in);
    List<State> files = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      files.add(
          new State(
              ByteSink.varint(in), ByteSink.varint(in), ByteSink.varint(in), ByteSink.signed(in), ByteSink.signed(in)));
    }
    return new Commit(nextOrder, files);
  }
}
