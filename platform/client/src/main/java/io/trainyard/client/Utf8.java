package io.trainyard.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text as bytes that fit; for any thread. */
final class Utf8 {
  private Utf8() {}

  /** The text's UTF-8, cut between characters where it is longer than {@code max} bytes. */
  static byte[] cut(String text, int max) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= max) {
      return bytes;
    }
    int end = max;
    while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }
}
