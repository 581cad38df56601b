package io.trainyard.store.journal;

import io.trainyard.core.model.MetricBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch of points as a record: some 5 bytes a point where steps follow each other and values were floats. The writer
 * thread encodes, recovery decodes.
 *
 * <p>Two tricks pay for their lines. Steps that grow by the same amount cost nothing beyond the first; and a double
 * that is exactly a float, as every loss out of TensorFlow is, takes four bytes (bits compared, so that NaN payloads
 * and -0.0 come back as they were). More belongs into the chunks: this data lives for minutes.
 */
public final class PointsCodec {
  private static final int STRIDE = 0;
  private static final int DELTAS = 1;
  private static final int FLOATS = 0;
  private static final int DOUBLES = 1;

  private PointsCodec() {}

  public static void encode(MetricBatch batch, Group into) {
    into.utf8(batch.run()).varint(batch.attempt()).i64(batch.fence()).i64(batch.seq()).i64(batch.nextSeq());
    into.varint(batch.columns().size());
    for (MetricBatch.Column column : batch.columns()) {
      into.utf8(column.series()).varint(column.steps().length);
      longs(column.steps(), into);
      longs(column.times(), into);
      doubles(column.values(), into);
    }
  }

  public static MetricBatch decode(PayloadReader from) {
    String run = from.utf8();
    int attempt = Math.toIntExact(from.varint());
    long fence = from.i64();
    long seq = from.i64();
    long nextSeq = from.i64();
    int count = Math.toIntExact(from.varint());
    List<MetricBatch.Column> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String series = from.utf8();
      int points = Math.toIntExact(from.varint());
      columns.add(new MetricBatch.Column(series, longs(from, points), longs(from, points), doubles(from, points)));
    }
    return new MetricBatch(run, attempt, fence, seq, nextSeq, columns);
  }

  private static void longs(long[] values, Group into) {
    if (values.length == 0) {
      return;
    }
    long stride = values.length > 1 ? values[1] - values[0] : 0;
    boolean regular = true;
    for (int i = 2; i < values.length; i++) {
      if (values[i] - values[i - 1] != stride) {
        regular = false;
        break;
      }
    }
    into.u8(regular ? STRIDE : DELTAS).i64(values[0]);
    if (regular) {
      into.i64(stride);
      return;
    }
    ByteBuffer buffer = into.ensure(values.length * 10);
    for (int i = 1; i < values.length; i++) {
      long delta = values[i] - values[i - 1];
      Group.putVarint(buffer, (delta << 1) ^ (delta >> 63));
    }
  }

  private static long[] longs(PayloadReader from, int count) {
    long[] values = new long[count];
    if (count == 0) {
      return values;
    }
    int mode = from.u8();
    values[0] = from.i64();
    if (mode == STRIDE) {
      long stride = from.i64();
      for (int i = 1; i < count; i++) {
        values[i] = values[i - 1] + stride;
      }
      return values;
    }
    for (int i = 1; i < count; i++) {
      long zigzag = from.varint();
      values[i] = values[i - 1] + ((zigzag >>> 1) ^ -(zigzag & 1));
    }
    return values;
  }

  private static void doubles(double[] values, Group into) {
    boolean floats = true;
    for (double value : values) {
      if (Double.doubleToRawLongBits((float) value) != Double.doubleToRawLongBits(value)) {
        floats = false;
        break;
      }
    }
    into.u8(floats ? FLOATS : DOUBLES);
    ByteBuffer buffer = into.ensure(values.length * (floats ? 4 : 8));
    for (double value : values) {
      if (floats) {
        buffer.putInt(Float.floatToRawIntBits((float) value));
      } else {
        buffer.putLong(Double.doubleToRawLongBits(value));
      }
    }
  }

  private static double[] doubles(PayloadReader from, int count) {
    boolean floats = from.u8() == FLOATS;
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = floats ? Float.intBitsToFloat(from.bytes.getInt()) : Double.longBitsToDouble(from.bytes.getLong());
    }
    return values;
  }
}
