package io.trainyard.toolkit;

import io.trainyard.spi.Exhibit.Picture;
import java.util.Arrays;
import java.util.List;

/**
 * Grey pictures with labels, as bytes; immutable, and what is given in is not copied.
 *
 * @param pixels all pictures, one after the other, row by row
 * @param labels a number of a class for each
 */
public record Pictures(int width, int height, byte[] pixels, byte[] labels, List<String> classes) {
  public Pictures {
    classes = List.copyOf(classes);
    if (pixels.length != labels.length * width * height) {
      throw new IllegalArgumentException(
          pixels.length + " pixels are not " + labels.length + " pictures of " + width + " x " + height);
    }
  }

  public int size() {
    return labels.length;
  }

  public int pixelsEach() {
    return width * height;
  }

  /** The number of the class of a picture. */
  public int label(int index) {
    return Byte.toUnsignedInt(labels[index]);
  }

  public Picture picture(int index, String caption) {
    byte[] own = Arrays.copyOfRange(pixels, index * pixelsEach(), (index + 1) * pixelsEach());
    return new Picture(width, height, 1, own, caption);
  }
}
