package io.trainyard.toolkit.text;

import io.trainyard.spi.InvalidDataException;
import io.trainyard.toolkit.Fingerprint;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a text piece by piece and gives its tokens to a sink, with memory for one piece, however long the text. Used by
 * the thread that reads.
 *
 * <p>UTF-8 is read strictly: what is none is an error with its place, never a replacement character. A byte order mark
 * at the beginning of a file is left out.
 */
public final class TextReader implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final Source source;
  private final Tokenizer tokenizer;
  private final List<String> hashes = new ArrayList<>();
  private final MessageDigest sha = Fingerprint.sha256();
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
  private final CharBuffer chars = CharBuffer.allocate(BUFFER);
  private int file;
  private @Nullable InputStream in;

  /** Bytes of the file that are decoded. */
  private long decoded;

  TextReader(Source source, Preprocessing how, TokenSink sink) {
    this.source = source;
    this.tokenizer = new Tokenizer(how, sink);
  }

  /**
   * Reads on.
   *
   * @param most bytes, at least 1
   * @return how many were read; less than {@code most} at the end of the text
   */
  public long read(long most) throws IOException {
    long read = 0;
    while (read < most && file < source.parts().size()) {
      InputStream open = in;
      if (open == null) {
        open = source.parts().get(file).open();
        in = open;
        decoded = 0;
        decoder.reset();
        bytes.clear();
      }
      int n = open.read(bytes.array(), bytes.position(), (int) Math.min(most - read, bytes.remaining()));
      if (n < 0) {
        decode(true);
        tokenizer.endOfText();
        hashes.add(Fingerprint.of(sha));
        open.close();
        in = null;
        file++;
      } else {
        sha.update(bytes.array(), bytes.position(), n);
        bytes.position(bytes.position() + n);
        decode(false);
        read += n;
      }
    }
    return read;
  }

  /** All that is left. */
  public void readAll() throws IOException {
    read(Long.MAX_VALUE);
  }

  /**
   * Names what was read: the SHA-256 of the file; of several, that of what {@code sha256sum} prints of them, with their
   * names. Only at the end of the text.
   */
  public String sha256() {
    if (hashes.size() < source.parts().size()) {
      throw new IllegalStateException("the text was not read to its end");
    }
    if (hashes.size() == 1) {
      return hashes.get(0);
    }
    StringBuilder listing = new StringBuilder();
    for (int i = 0; i < hashes.size(); i++) {
      listing.append(hashes.get(i)).append("  ").append(source.parts().get(i).name()).append('\n');
    }
    return Fingerprint.of(listing.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    if (in != null) {
      in.close();
    }
  }

  private void decode(boolean end) {
    bytes.flip();
    for (CoderResult result = CoderResult.OVERFLOW; result.isOverflow(); ) {
      int before = bytes.position();
      chars.clear();
      result = decoder.decode(bytes, chars, end);
      if (result.isError()) {
        throw notUtf8(decoded + bytes.position() - before, bytes.get(bytes.position()), end);
      }
      chars.flip();
      int from = decoded == 0 && chars.hasRemaining() && chars.get(0) == '\uFEFF' ? 1 : 0;
      decoded += bytes.position() - before;
      tokenizer.accept(chars.array(), from, chars.limit());
    }
    // The beginning of a character whose rest comes with the next bytes.
    bytes.compact();
  }

  private InvalidDataException notUtf8(long offset, byte at, boolean end) {
    boolean utf16 = offset == 0 && (at == (byte) 0xFF || at == (byte) 0xFE);
    return new InvalidDataException(
        String.format(
            "%s is not UTF-8: at byte %d (counted from 0) stands 0x%02X, which begins %s. If it is %s,"
                + " iconv -f %5$s -t UTF-8 makes UTF-8 of it.",
            source.where(file),
            offset,
            at,
            end ? "a character that the end of the file cuts off" : "no character there",
            utf16 ? "UTF-16" : "LATIN1"));
  }
}
