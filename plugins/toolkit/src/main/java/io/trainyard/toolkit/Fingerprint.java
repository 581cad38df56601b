package io.trainyard.toolkit;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names data by its content, so that two runs can be told to have trained on the same; no thread of its own. */
final class Fingerprint {
  private static final int FLOATS_AT_A_TIME = 16_384;

  private Fingerprint() {}

  /** SHA-256 over the bits of the numbers, big-endian, as 64 hex digits. */
  static String of(float[]... parts) {
    MessageDigest sha;
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
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
}
