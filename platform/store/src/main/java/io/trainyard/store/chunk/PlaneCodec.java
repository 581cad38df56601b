package io.trainyard.store.chunk;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Compresses one byte of every value (a plane) at a time. Holds native memory and scratch; one thread at a time.
 *
 * <p>The bytes of a noisy float differ in kind: sign and exponent hardly change, the top of the mantissa a little, the
 * lower half is random. Kept together they spoil each other's statistics; apart, each gets what it deserves: the
 * constant ones a byte in all, the random ones are stored as they are (and decode at the speed of a copy), the rest
 * goes through zstd at level 1, as it is or XORed with its predecessor, whichever is smaller.
 */
final class PlaneCodec implements AutoCloseable {
  private static final int CONSTANT = 0;
  private static final int STORED = 1;
  private static final int ZSTD = 2;
  private static final int XOR_ZSTD = 3;

  private final ZstdCompressCtx compress = new ZstdCompressCtx();
  private final ZstdDecompressCtx decompress = new ZstdDecompressCtx();
  private final int[] histogram = new int[256];
  private byte[] xored = new byte[0];
  private byte[] packed = new byte[0];
  private byte[] repacked = new byte[0];

  PlaneCodec() {
    compress.setLevel(1);
    compress.setChecksum(false);
    compress.setContentSize(false);
  }

  void encode(byte[] plane, int count, ByteSink out) {
    double entropy = entropy(plane, count);
    if (entropy == 0) {
      out.u8(CONSTANT).u8(plane[0]);
      return;
    }
    room(count);
    int best = compress.compressByteArray(packed, 0, packed.length, plane, 0, count);
    int kind = ZSTD;
    byte[] bytes = packed;
    byte previous = 0;
    for (int i = 0; i < count; i++) {
      byte current = plane[i];
      xored[i] = (byte) (current ^ previous);
      previous = current;
    }
    // A tenth of a bit a value is what makes the second attempt worth its 8 microseconds.
    if (entropy(xored, count) < entropy - 0.1) {
      int other = compress.compressByteArray(repacked, 0, repacked.length, xored, 0, count);
      if (other < best) {
        best = other;
        kind = XOR_ZSTD;
        bytes = repacked;
      }
    }
    if (best < count - count / 64) {
      out.u8(kind).varint(best).raw(bytes, best);
    } else {
      out.u8(STORED).raw(plane, count);
    }
  }

  void decode(ByteBuffer in, byte[] plane, int count) {
    int kind = in.get();
    switch (kind) {
      case CONSTANT -> Arrays.fill(plane, 0, count, in.get());
      case STORED -> in.get(plane, 0, count);
      case ZSTD, XOR_ZSTD -> {
        int length = ByteSink.length(in);
        int size =
            decompress.decompressByteArray(plane, 0, count, in.array(), in.arrayOffset() + in.position(), length);
        if (size != count) {
          throw new IllegalStateException("a plane of " + size + " instead of " + count + " bytes");
        }
        in.position(in.position() + length);
        if (kind == XOR_ZSTD) {
          byte previous = 0;
          for (int i = 0; i < count; i++) {
            previous ^= plane[i];
            plane[i] = previous;
          }
        }
      }
      default -> throw new IllegalStateException("a plane of kind " + kind);
    }
  }

  /** In bits a byte: what an order-0 coder would need. */
  private double entropy(byte[] plane, int count) {
    Arrays.fill(histogram, 0);
    for (int i = 0; i < count; i++) {
      histogram[plane[i] & 0xff]++;
    }
    double bits = 0;
    for (int times : histogram) {
      if (times == count) {
        return 0;
      }
      if (times > 0) {
        bits -= times * Math.log((double) times / count);
      }
    }
    return bits / count / Math.log(2);
  }

  private void room(int count) {
    if (xored.length < count) {
      xored = new byte[count];
      packed = new byte[(int) Zstd.compressBound(count)];
      repacked = new byte[packed.length];
    }
  }

  @Override
  public void close() {
    compress.close();
    decompress.close();
  }
}
