package io.trainyard.store.chunk;

/** Says where chunks and granules end. Stateless. */
final class Cuts {
  /**
   * Points of a chunk. Larger ones hardly compress better (losses of an MLP, bytes a value: 3.277 at 1024, 3.215 at
   * 4096, 3.209 at 8192, 3.207 at 16384) and make the two ends of a range dearer to decode.
   */
  static final int CHUNK = 8192;

  /**
   * Points of a granule. A question for 1000 buckets over fewer than 256,000 points decodes them (a few ms); over more
   * it reads granules. Halving it would double what the levels cost, 0.1 bytes a point.
   */
  static final int GRANULE = 256;

  private Cuts() {}

  /**
   * End of the piece that starts at {@code from}. Not between two points of one step if there is another place near:
   * buckets cannot end there either. Pieces have 0.5 to 1.5 times the wanted size, but the last may be smaller.
   */
  static int next(Points points, int from, int to, int size) {
    if (to - from <= size + size / 2) {
      return to;
    }
    long[] steps = points.steps();
    int wanted = from + size;
    for (int end = wanted; end > wanted - size / 2; end--) {
      if (steps[end - 1] != steps[end]) {
        return end;
      }
    }
    for (int end = wanted + 1; end < wanted + size / 2; end++) {
      if (steps[end - 1] != steps[end]) {
        return end;
      }
    }
    return wanted;
  }
}
