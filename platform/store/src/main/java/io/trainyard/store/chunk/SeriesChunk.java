package io.trainyard.store.chunk;

import java.nio.ByteBuffer;

/**
 * Some thousand points of one series as bytes, ready to be framed. Any thread.
 *
 * @param levels see {@link Levels}
 * @param payload all points: steps, times and values as {@link Columns}
 */
record SeriesChunk(ChunkSummary summary, byte[] levels, byte[] payload) {
  static SeriesChunk encode(Points points, int from, int to, Columns columns) {
    ByteSink out = new ByteSink(4096);
    Stats total = new Stats();
    Levels.encode(points, from, to, total, out);
    byte[] levels = out.toBytes();
    out.truncate(0);
    columns.encode(points.steps(), from, to - from, out);
    columns.encode(points.times(), from, to - from, out);
    columns.encode(points.values(), from, to - from, out);
    return new SeriesChunk(total.toSummary(), levels, out.toBytes());
  }

  /** The buffer must have an array. */
  static Points decode(ByteBuffer payload, int count, Columns columns) {
    long[] steps = new long[count];
    long[] times = new long[count];
    double[] values = new double[count];
    columns.decode(payload, steps, count);
    columns.decode(payload, times, count);
    columns.decode(payload, values, count);
    if (payload.hasRemaining()) {
      throw new IllegalStateException(payload.remaining() + " bytes behind the last point");
    }
    return new Points(steps, times, values, count);
  }
}
