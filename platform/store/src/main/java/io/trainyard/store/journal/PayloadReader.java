package io.trainyard.store.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads back what {@link Group} has put into a record. One thread. */
public final class PayloadReader {
  final ByteBuffer bytes;

  public PayloadReader(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  public int u8() {
    return bytes.get() & 0xff;
  }

  public long i64() {
    return bytes.getLong();
  }

  public long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = bytes.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number of more than 64 bits");
  }

  public String utf8() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  public byte[] bytes() {
    byte[] read = new byte[Math.toIntExact(varint())];
    bytes.get(read);
    return read;
  }
}
