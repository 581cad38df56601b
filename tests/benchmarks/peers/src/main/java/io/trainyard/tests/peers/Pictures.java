package io.trainyard.tests.peers;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * The training pictures of Fashion-MNIST, as they come in the package; one thread.
 *
 * @param pixels 784 bytes a picture
 * @param labels 0 to 9
 */
record Pictures(int count, byte[] pixels, byte[] labels) {
  static final int PIXELS = 784;
  static final int CLASSES = 10;

  static Pictures read(Path folder) throws IOException {
    byte[] labels = idx(folder.resolve("train-labels-idx1-ubyte.gz"), 1);
    byte[] pixels = idx(folder.resolve("train-images-idx3-ubyte.gz"), 3);
    if (pixels.length != labels.length * PIXELS) {
      throw new IOException(folder + " has " + pixels.length + " pixels for " + labels.length + " labels");
    }
    return new Pictures(labels.length, pixels, labels);
  }

  /** Bytes after a header of the type and {@code dimensions} sizes. */
  private static byte[] idx(Path file, int dimensions) throws IOException {
    try (InputStream packed = Files.newInputStream(file);
        DataInputStream in = new DataInputStream(new GZIPInputStream(packed, 1 << 16))) {
      int kind = in.readInt();
      if (kind != (8 << 8 | dimensions)) {
        throw new IOException(file + " is not an IDX file of bytes in " + dimensions + " dimensions");
      }
      in.skipNBytes(4L * dimensions);
      return in.readAllBytes();
    }
  }
}
