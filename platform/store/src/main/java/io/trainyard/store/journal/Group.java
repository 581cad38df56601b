package io.trainyard.store.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Records that become durable together: one write, one fsync. The store's writer thread fills it, commits it, and fills
 * it again; the buffer is kept, so that a batch of points costs no allocation.
 */
public final class Group {
  private static final int SMALL = 1 << 16;
  private static final int KEPT = 1 << 23;

  private ByteBuffer buffer = allocate(SMALL);
  private long synced;
  private long next;
  private int open = -1;

  Group(long firstSequence) {
    this.next = firstSequence;
    this.synced = firstSequence - 1;
  }

  /** Starts a record; its payload follows by the methods below. */
  public void begin() {
    ensure(Layout.RECORD_HEAD);
    open = buffer.position();
    buffer.position(open + Layout.RECORD_HEAD);
  }

  /** Ends the record and answers its sequence. */
  public long end(RecordKind kind) {
    long sequence = next++;
    Layout.putRecordHead(buffer, open, sequence, (int) (sequence - 1 - synced), kind);
    open = -1;
    return sequence;
  }

  /** Forgets a record that was begun. */
  public void abandon() {
    if (open >= 0) {
      buffer.position(open);
      open = -1;
    }
  }

  public boolean isEmpty() {
    return next == synced + 1;
  }

  public int bytes() {
    return buffer.position();
  }

  /** The sequence that the next record gets. */
  public long nextSequence() {
    return next;
  }

  /** The last sequence that is durable. */
  public long syncedSequence() {
    return synced;
  }

  ByteBuffer written() {
    return buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN).flip();
  }

  void committed() {
    synced = next - 1;
    clear();
  }

  /** None of its records happened: their sequences are given again. */
  public void discard() {
    next = synced + 1;
    clear();
  }

  private void clear() {
    open = -1;
    if (buffer.capacity() > KEPT) {
      buffer = allocate(SMALL);
    }
    buffer.clear();
  }

  /** Room for so many bytes, to be put into the buffer that is answered. */
  public ByteBuffer ensure(int bytes) {
    if (buffer.remaining() < bytes) {
      long wanted = Math.max((long) buffer.capacity() * 2, (long) buffer.position() + bytes);
      if (wanted > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException("a group of " + wanted + " bytes is too large; send smaller batches");
      }
      ByteBuffer larger = allocate((int) wanted);
      larger.put(buffer.flip());
      buffer = larger;
    }
    return buffer;
  }

  public Group u8(int value) {
    ensure(1).put((byte) value);
    return this;
  }

  public Group i64(long value) {
    ensure(8).putLong(value);
    return this;
  }

  /** Seven bits a byte, low ones first. */
  public Group varint(long value) {
    putVarint(ensure(10), value);
    return this;
  }

  public Group utf8(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  public Group bytes(byte[] bytes) {
    varint(bytes.length);
    ensure(bytes.length).put(bytes);
    return this;
  }

  static void putVarint(ByteBuffer into, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      into.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    into.put((byte) rest);
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
