package io.trainyard.store.chunk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a file from frame to frame, reading only their heads, and past what is damaged. One thread.
 *
 * <p>A frame whose header is intact is skipped by its length, whatever is wrong inside. Where there is no intact
 * header, the next place with one is searched: a header's magic and checksum (which covers its own offset) do not come
 * about by chance.
 */
final class FrameWalk {
  /** Bytes from {@code offset} to {@code end} are no frame. */
  record Gap(long offset, long end) {}

  private static final int SEARCH = 1 << 16;

  private final ChunkFile file;
  private final long limit;
  private final List<Gap> gaps = new ArrayList<>();
  private long position;
  private ByteBuffer window = ByteBuffer.allocate(0);
  private long windowOffset;
  private int windowSize = SEARCH;

  FrameWalk(ChunkFile file, long limit) {
    this(file, 0, limit);
  }

  /**
   * @param from where a frame starts; 0 for the first
   * @param limit where the file is known to end
   */
  FrameWalk(ChunkFile file, long from, long limit) {
    this.file = file;
    this.position = Math.max(from, ChunkFile.HEADER);
    this.limit = Math.min(limit, file.size());
  }

  /** Null at the end. */
  @Nullable Frame next() throws IOException {
    while (position < limit) {
      Frame frame = Frame.parse(window(position, Frame.HEADER), file.number, position);
      if (frame != null && frame.isWhole() && frame.end() <= limit) {
        position = frame.end();
        // Most frames are 30 kB: then a small read for each is cheaper than reading all.
        windowSize = frame.length() < 8192 ? SEARCH : 1024;
        return frame;
      }
      long found = search(position + 1);
      gaps.add(new Gap(position, found));
      position = found;
    }
    return null;
  }

  /** The frame's meta part; null when its checksum is wrong. */
  @Nullable ByteBuffer meta(Frame frame) throws IOException {
    ByteBuffer in = window(frame.offset() + Frame.HEADER, frame.metaLength());
    int start = in.position();
    if (in.remaining() < frame.metaLength() || Frame.crc(in.array(), start, frame.metaLength()) != frame.metaCrc()) {
      return null;
    }
    return ByteBuffer.wrap(in.array(), start, frame.metaLength()).slice();
  }

  /** What was passed over so far. */
  List<Gap> gaps() {
    return gaps;
  }

  private long search(long from) throws IOException {
    for (long offset = from; offset + Frame.HEADER <= limit; offset += SEARCH - Frame.HEADER + 1) {
      ByteBuffer bytes = file.readSome(offset, SEARCH);
      for (int i = 0; i + Frame.HEADER <= bytes.limit(); i++) {
        if (bytes.getInt(i) == Frame.MAGIC) {
          bytes.position(i);
          Frame frame = Frame.parse(bytes, file.number, offset + i);
          if (frame != null && frame.isWhole() && frame.end() <= limit) {
            return offset + i;
          }
        }
      }
    }
    return limit;
  }

  private ByteBuffer window(long offset, int length) throws IOException {
    long at = offset - windowOffset;
    if (at < 0 || at + length > window.limit()) {
      window = file.readSome(offset, Math.max(windowSize, length));
      windowOffset = offset;
      at = 0;
    }
    window.position((int) at);
    return window;
  }
}
