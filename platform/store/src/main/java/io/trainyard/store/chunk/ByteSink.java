package io.trainyard.store.chunk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing buffer to write formats into, big-endian. One thread. */
final class ByteSink {
  private byte[] bytes;
  private int size;

  ByteSink(int capacity) {
    bytes = new byte[capacity];
  }

  int size() {
    return size;
  }

  byte[] array() {
    return bytes;
  }

  /** Forgets what was written from here on. */
  void truncate(int to) {
    size = to;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  ByteSink u8(int value) {
    room(1);
    bytes[size++] = (byte) value;
    return this;
  }

  ByteSink i32(int value) {
    room(4);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
    return this;
  }

  ByteSink i64(long value) {
    i32((int) (value >>> 32));
    return i32((int) value);
  }

  ByteSink f64(double value) {
    return i64(Double.doubleToRawLongBits(value));
  }

  /** Seven bits a byte, the lowest first: up to ten bytes, so any long. */
  ByteSink varint(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
    return this;
  }

  /** Small for small numbers of either sign. */
  ByteSink signed(long value) {
    return varint((value << 1) ^ (value >> 63));
  }

  ByteSink text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    varint(utf8.length);
    return raw(utf8, utf8.length);
  }

  ByteSink raw(byte[] source, int length) {
    room(length);
    System.arraycopy(source, 0, bytes, size, length);
    size += length;
    return this;
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalStateException("a number of more than ten bytes");
  }

  static long signed(ByteBuffer in) {
    long value = varint(in);
    return (value >>> 1) ^ -(value & 1);
  }

  static String text(ByteBuffer in) {
    byte[] utf8 = new byte[length(in)];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** A length that cannot ask for more memory than there are bytes. */
  static int length(ByteBuffer in) {
    long length = varint(in);
    if (length < 0 || length > in.remaining()) {
      throw new IllegalStateException("a length of " + length + " with " + in.remaining() + " bytes left");
    }
    return (int) length;
  }
}
