package io.trainyard.toolkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names data by its content, so that two runs can be told to have trained on the same; no thread of its own. */
public final class Fingerprint {
  private static final int FLOATS_AT_A_TIME = 16_384;

  private Fingerprint() {}

  /** SHA-256 over the bits of the numbers, big-endian, as 64 hex digits. */
  static String of(float[]... parts) {
    MessageDigest sha = sha256();
    ByteBuffer bytes = ByteBuffer.allocate(4 * FLOATS_AT_A_TIME);
    for (float[] part : parts) {
      for (int from = 0; from < part.length; from += FLOATS_AT_A_TIME) {
        int count = Math.min(FLOATS_AT_A_TIME, part.length - from);
        bytes.clear().asFloatBuffer().put(part, from, count);
        sha.update(bytes.array(), 0, 4 * count);
      }
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  /** SHA-256 of all the bytes, one part after the other, as 64 hex digits. */
  public static String of(byte[]... parts) {
    MessageDigest sha = sha256();
    for (byte[] part : parts) {
      sha.update(part);
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  /** SHA-256 of what is left in a stream, as 64 hex digits. */
  static String of(InputStream in) throws IOException {
    MessageDigest sha = sha256();
    byte[] buffer = new byte[1 << 16];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      sha.update(buffer, 0, n);
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  /** What a digest comes to, as 64 hex digits; it begins anew then. */
  public static String of(MessageDigest sha) {
    return HexFormat.of().formatHex(sha.digest());
  }

  /** To be fed and then asked for {@link #of(MessageDigest)}. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
