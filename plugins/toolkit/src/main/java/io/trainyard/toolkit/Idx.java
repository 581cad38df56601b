package io.trainyard.toolkit;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file of bytes in the IDX format that MNIST and its relatives come in, gzip or plain: big-endian magic 0x0000 08 n,
 * n sizes, then the bytes. Any thread.
 *
 * @param sizes of each dimension, the number of examples first
 * @param sha256 of the whole file uncompressed
 */
record Idx(int[] sizes, byte[] data, String sha256) {
  private static final int UNSIGNED_BYTE = 8;

  /**
   * Reads a file.
   *
   * @param dimensions how many there must be: 3 for pictures, 1 for labels
   * @throws IOException names the file and what is wrong with it
   */
  static Idx read(Path file, int dimensions) throws IOException {
    try (InputStream in = open(file)) {
      byte[] header = in.readNBytes(4 + 4 * dimensions);
      if (header.length < 4 + 4 * dimensions) {
        throw new EOFException("it ends after " + header.length + " bytes, in its header");
      }
      ByteBuffer head = ByteBuffer.wrap(header);
      int magic = head.getInt();
      int expected = UNSIGNED_BYTE << 8 | dimensions;
      if (magic != expected) {
        throw new IOException(
            String.format(
                "it begins with 0x%08x, but IDX bytes of %d dimensions with 0x%08x", magic, dimensions, expected));
      }
      int[] sizes = new int[dimensions];
      long bytes = 1;
      for (int i = 0; i < dimensions; i++) {
        sizes[i] = head.getInt();
        if (sizes[i] < 1 || (bytes *= sizes[i]) > Integer.MAX_VALUE - 64) {
          throw new IOException("its header says sizes of " + Arrays.toString(Arrays.copyOf(sizes, i + 1)));
        }
      }
      byte[] data = new byte[(int) bytes];
      int read = in.readNBytes(data, 0, data.length);
      if (read < bytes) {
        throw new EOFException("its header says " + bytes + " bytes of data, but there are " + read);
      }
      if (in.read() >= 0) {
        throw new IOException("its header says " + bytes + " bytes of data, but there are more");
      }
      return new Idx(sizes, data, Fingerprint.of(header, data));
    } catch (EOFException | ZipException e) {
      throw new IOException(file + " is damaged: " + e.getMessage() + ". Delete it, or put a whole one there.", e);
    } catch (IOException e) {
      throw new IOException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream raw = Files.newInputStream(file);
    try {
      byte[] start = raw.readNBytes(2);
      InputStream whole = new SequenceInputStream(new ByteArrayInputStream(start), raw);
      boolean gzip = start.length == 2 && start[0] == 0x1f && start[1] == (byte) 0x8b;
      return gzip ? new GZIPInputStream(whole, 1 << 16) : whole;
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }
}
