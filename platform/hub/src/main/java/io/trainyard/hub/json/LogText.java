package io.trainyard.hub.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes of a log as text, cut where characters end, so that whoever puts the parts together gets what was written. Any thread may call.
 *
 * @param from the first byte of the text
 * @param next where to go on
 */
public record LogText(long from, long next, String text) {
  /** @param end nothing follows: what is no whole character is shown as such */
  public static LogText of(long from, byte[] bytes, boolean end) {
    int start = 0;
    // What begins within a character (it was asked for so) has at most three bytes of it.
    while (start < Math.min(3, bytes.length) && from > 0 && isContinuation(bytes[start])) {
      start++;
    }
    int stop = end ? bytes.length : wholeCharacters(bytes);
    stop = Math.max(start, stop);
    return new LogText(from + start, from + stop, new String(bytes, start, stop - start, StandardCharsets.UTF_8));
  }

  /** How many bytes at the front are whole characters (or no characters at all, which is no reason to wait). */
  public static int wholeCharacters(byte[] bytes) {
    for (int back = 1; back <= Math.min(3, bytes.length); back++) {
      byte lead = bytes[bytes.length - back];
      if (!isContinuation(lead)) {
        int length = (lead & 0xe0) == 0xc0 ? 2 : (lead & 0xf0) == 0xe0 ? 3 : (lead & 0xf8) == 0xf0 ? 4 : 1;
        return length > back ? bytes.length - back : bytes.length;
      }
    }
    return bytes.length;
  }

  public static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xc0) == 0x80;
  }
}
