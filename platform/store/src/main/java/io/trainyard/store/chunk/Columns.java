package io.trainyard.store.chunk;

import java.nio.ByteBuffer;

/**
 * Turns a column of longs or doubles into planes and back, losing nothing. One thread at a time.
 *
 * <p>Longs: an arithmetic sequence (steps, nearly always) is two numbers. Otherwise the differences, less the smallest
 * of them, in as many planes as the largest needs: milliseconds between steps take one plane of entropy, a pause of an
 * hour a few bytes more. All arithmetic wraps, so that Long.MIN_VALUE beside Long.MAX_VALUE needs no case of its own.
 *
 * <p>Doubles: whole numbers go the way of the longs if that is smaller; what was a float before takes four planes; the
 * rest eight. A float's NaN is widened by hand, for hardware turns signalling NaNs into quiet ones.
 */
final class Columns implements AutoCloseable {
  private static final int ARITHMETIC = 0;
  private static final int DIFFERENCES = 1;
  private static final int FLOATS = 2;
  private static final int DOUBLES = 3;
  private static final int WHOLE = 4;

  private final PlaneCodec codec = new PlaneCodec();
  private long[] longs = new long[0];
  private long[] wide = new long[0];
  private byte[] plane = new byte[0];
  private final byte[][] planes = new byte[8][0];

  void encode(long[] column, int from, int count, ByteSink out) {
    room(count);
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int i = 1; i < count; i++) {
      long difference = column[from + i] - column[from + i - 1];
      longs[i - 1] = difference;
      min = Math.min(min, difference);
      max = Math.max(max, difference);
    }
    if (count == 1 || min == max) {
      out.u8(ARITHMETIC).i64(column[from]).signed(count == 1 ? 0 : min);
      return;
    }
    for (int i = 0; i < count - 1; i++) {
      longs[i] -= min;
    }
    int width = (64 - Long.numberOfLeadingZeros(max - min) + 7) / 8;
    out.u8(DIFFERENCES).i64(column[from]).signed(min).u8(width);
    encodePlanes(longs, width, count - 1, out);
  }

  void decode(ByteBuffer in, long[] column, int count) {
    int kind = in.get();
    long value = in.getLong();
    long step = ByteSink.signed(in);
    if (kind == ARITHMETIC) {
      for (int i = 0; i < count; i++) {
        column[i] = value;
        value += step;
      }
    } else if (kind == DIFFERENCES) {
      int width = width(in.get(), 8);
      decodePlanes(in, width, count - 1);
      column[0] = value;
      for (int i = 1; i < count; i++) {
        value += step + joined(width, i - 1);
        column[i] = value;
      }
    } else {
      throw new IllegalStateException("a column of longs of kind " + kind);
    }
  }

  void encode(double[] column, int from, int count, ByteSink out) {
    room(count);
    int kind = isFloat(column, from, count) ? FLOATS : DOUBLES;
    int width = kind == FLOATS ? 4 : 8;
    for (int i = 0; i < count; i++) {
      double value = column[from + i];
      longs[i] = kind == FLOATS ? narrow(value) : Double.doubleToRawLongBits(value);
    }
    int start = out.size();
    out.u8(kind);
    encodePlanes(longs, width, count, out);
    if (isWhole(column, from, count)) {
      for (int i = 0; i < count; i++) {
        wide[i] = (long) column[from + i];
      }
      ByteSink other = new ByteSink(64 + count);
      encode(wide, 0, count, other);
      if (other.size() + 1 < out.size() - start) {
        out.truncate(start);
        out.u8(WHOLE).raw(other.array(), other.size());
      }
    }
  }

  void decode(ByteBuffer in, double[] column, int count) {
    int kind = in.get();
    switch (kind) {
      case FLOATS -> {
        decodePlanes(in, 4, count);
        byte[] a = planes[3];
        byte[] b = planes[2];
        byte[] c = planes[1];
        byte[] d = planes[0];
        for (int i = 0; i < count; i++) {
          column[i] = widen(a[i] << 24 | (b[i] & 0xff) << 16 | (c[i] & 0xff) << 8 | (d[i] & 0xff));
        }
      }
      case DOUBLES -> {
        decodePlanes(in, 8, count);
        for (int i = 0; i < count; i++) {
          column[i] = Double.longBitsToDouble(joined(8, i));
        }
      }
      case WHOLE -> {
        room(count);
        decode(in, wide, count);
        for (int i = 0; i < count; i++) {
          column[i] = wide[i];
        }
      }
      default -> throw new IllegalStateException("a column of doubles of kind " + kind);
    }
  }

  /** Whether every value is some float, bit for bit. */
  static boolean isFloat(double[] column, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (!isFloat(column[i])) {
        return false;
      }
    }
    return true;
  }

  static boolean isFloat(double value) {
    long bits = Double.doubleToRawLongBits(value);
    return value != value ? (bits & 0x1fff_ffffL) == 0 : Double.doubleToRawLongBits((float) value) == bits;
  }

  /** The bits of the float that this double is. */
  static int narrow(double value) {
    if (value != value) {
      long bits = Double.doubleToRawLongBits(value);
      return (int) (bits >>> 32 & 0x8000_0000L) | 0x7f80_0000 | (int) (bits >>> 29 & 0x007f_ffff);
    }
    return Float.floatToRawIntBits((float) value);
  }

  static double widen(int bits) {
    if ((bits & 0x7f80_0000) == 0x7f80_0000) {
      long sign = (bits & 0x8000_0000L) << 32;
      return Double.longBitsToDouble(sign | 0x7ff0_0000_0000_0000L | (bits & 0x007f_ffffL) << 29);
    }
    return Float.intBitsToFloat(bits);
  }

  private static boolean isWhole(double[] column, int from, int count) {
    for (int i = from; i < from + count; i++) {
      double value = column[i];
      if (Double.doubleToRawLongBits((double) (long) value) != Double.doubleToRawLongBits(value)) {
        return false;
      }
    }
    return true;
  }

  private void encodePlanes(long[] bits, int width, int count, ByteSink out) {
    for (int p = 0; p < width; p++) {
      int shift = 8 * p;
      for (int i = 0; i < count; i++) {
        plane[i] = (byte) (bits[i] >>> shift);
      }
      codec.encode(plane, count, out);
    }
  }

  private void decodePlanes(ByteBuffer in, int width, int count) {
    for (int p = 0; p < width; p++) {
      if (planes[p].length < count) {
        planes[p] = new byte[count];
      }
      codec.decode(in, planes[p], count);
    }
  }

  private long joined(int width, int i) {
    long bits = 0;
    for (int p = width - 1; p >= 0; p--) {
      bits = bits << 8 | (planes[p][i] & 0xff);
    }
    return bits;
  }

  private static int width(int width, int max) {
    if (width < 1 || width > max) {
      throw new IllegalStateException("a column " + width + " bytes wide");
    }
    return width;
  }

  private void room(int count) {
    if (plane.length < count) {
      plane = new byte[count];
      longs = new long[count];
      wide = new long[count];
    }
  }

  @Override
  public void close() {
    codec.close();
  }
}
