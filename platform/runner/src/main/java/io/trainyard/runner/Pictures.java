package io.trainyard.runner;

import io.trainyard.spi.Exhibit;
import io.trainyard.spi.Predictor;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Makes of people's image files what a model takes; one thread. The only class that loads AWT, and only for a question.
 *
 * <p>What is done to a picture, in this order:
 *
 * <ol>
 *   <li>What is transparent becomes white, as on a page.
 *   <li>For a model of one channel colours become grey by their luminance: 0.299, 0.587 and 0.114 of red, green, blue.
 *   <li>A model of one channel was taught light things on a dark ground, as all of the MNIST family are. So if the
 *       median of the pixels on the picture's border is above 127, it is turned into its negative.
 *   <li>It is scaled, each pixel the average of the area that it covers, until it fits, and keeps its proportions. What
 *       is left beside it gets the median of its border: Fashion-MNIST's own pictures were made like that.
 * </ol>
 */
final class Pictures {
  static final int MAX_FILES = 16;

  private static final long MAX_BYTES = 20 << 20;
  private static final long MAX_PIXELS = 40_000_000;

  /** Of a picture with more, not every pixel is decoded: the memory for this many is what it takes at most. */
  private static final long DECODED_PIXELS = 8_000_000;

  private final Predictor.Input input;

  static {
    System.setProperty("java.awt.headless", "true");
    ImageIO.setUseCache(false);
  }

  Pictures(Predictor.Input input) {
    this.input = input;
  }

  List<Exhibit.Picture> read(List<Path> files) throws UnanswerableException {
    if (files.isEmpty() || files.size() > MAX_FILES) {
      throw new UnanswerableException("A question has 1 to " + MAX_FILES + " pictures, not " + files.size() + ".");
    }
    List<Exhibit.Picture> pictures = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      // By their number: the files' names are the agent's.
      String which = "Picture " + (i + 1);
      try {
        pictures.add(fitted(decode(which, files.get(i))));
      } catch (IOException | RuntimeException e) {
        throw new UnanswerableException(
            which + " cannot be read: " + Reasons.of(e) + ". It may be damaged: save it again.");
      }
    }
    return pictures;
  }

  private static BufferedImage decode(String which, Path file) throws IOException, UnanswerableException {
    if (Files.size(file) > MAX_BYTES) {
      throw new UnanswerableException(
          which + " has " + Files.size(file) + " bytes; at most " + MAX_BYTES
              + " (20 MiB) are taken. Make it smaller.");
    }
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new UnanswerableException(which + " is neither PNG nor JPEG nor GIF nor BMP. Convert it to one of these.");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        long width = reader.getWidth(0);
        long height = reader.getHeight(0);
        if (width * height > MAX_PIXELS) {
          throw new UnanswerableException(
              which + " has " + width + " x " + height + " pixels; at most 40 million are taken. Make it smaller.");
        }
        ImageReadParam param = reader.getDefaultReadParam();
        int step = (int) Math.ceil(Math.sqrt((double) width * height / DECODED_PIXELS));
        param.setSourceSubsampling(Math.max(1, step), Math.max(1, step), 0, 0);
        return reader.read(0, param);
      } finally {
        reader.dispose();
      }
    }
  }

  private Exhibit.Picture fitted(BufferedImage image) {
    int channels = input.channels();
    int width = image.getWidth();
    int height = image.getHeight();
    byte[][] planes = channels == 1 ? new byte[][] {grey(image)} : colours(image);
    double scale = Math.min((double) input.width() / width, (double) input.height() / height);
    int w = Math.max(1, (int) Math.round(width * scale));
    int h = Math.max(1, (int) Math.round(height * scale));
    byte[] pixels = new byte[input.width() * input.height() * channels];
    for (int channel = 0; channel < channels; channel++) {
      byte[] plane = planes[channel];
      int border = medianOfBorder(plane, width, height);
      if (channels == 1 && border > 127) {
        border = 255 - border;
        for (int i = 0; i < plane.length; i++) {
          plane[i] = (byte) (255 - (plane[i] & 0xFF));
        }
      }
      byte[] scaled = scale(plane, width, height, w, h);
      for (int y = 0; y < input.height(); y++) {
        for (int x = 0; x < input.width(); x++) {
          int fromX = x - (input.width() - w) / 2;
          int fromY = y - (input.height() - h) / 2;
          boolean inside = fromX >= 0 && fromX < w && fromY >= 0 && fromY < h;
          byte value = inside ? scaled[fromY * w + fromX] : (byte) border;
          pixels[(y * input.width() + x) * channels + channel] = value;
        }
      }
    }
    return new Exhibit.Picture(input.width(), input.height(), channels, pixels, "");
  }

  private static byte[] grey(BufferedImage image) {
    byte[][] rgb = colours(image);
    byte[] grey = rgb[0];
    for (int i = 0; i < grey.length; i++) {
      double luminance = 0.299 * (rgb[0][i] & 0xFF) + 0.587 * (rgb[1][i] & 0xFF) + 0.114 * (rgb[2][i] & 0xFF);
      grey[i] = (byte) Math.round(luminance);
    }
    return grey;
  }

  /** Red, green and blue on white. Grey pictures go a way of their own: {@code getRGB} would brighten them. */
  private static byte[][] colours(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    ColorModel model = image.getColorModel();
    boolean grey = model.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    int brightest = (1 << model.getComponentSize(0)) - 1;
    byte[][] planes = new byte[3][width * height];
    int[] row = new int[width];
    int[] alphas = new int[width];
    for (int y = 0; y < height; y++) {
      if (grey) {
        image.getRaster().getSamples(0, y, width, 1, 0, row);
        if (model.hasAlpha()) {
          image.getRaster().getSamples(0, y, width, 1, 1, alphas);
        }
      } else {
        image.getRGB(0, y, width, 1, row, 0, width);
      }
      for (int x = 0; x < width; x++) {
        int alpha = !grey ? row[x] >>> 24 : model.hasAlpha() ? alphas[x] * 255 / brightest : 255;
        for (int channel = 0; channel < 3; channel++) {
          int value = grey ? row[x] * 255 / brightest : row[x] >> 16 - 8 * channel & 0xFF;
          planes[channel][y * width + x] = (byte) ((value * alpha + 255 * (255 - alpha) + 127) / 255);
        }
      }
    }
    return planes;
  }

  private static int medianOfBorder(byte[] plane, int width, int height) {
    int[] counts = new int[256];
    int all = 0;
    for (int y = 0; y < height; y++) {
      boolean whole = y == 0 || y == height - 1;
      for (int x = 0; x < width; x += whole || width == 1 ? 1 : width - 1) {
        counts[plane[y * width + x] & 0xFF]++;
        all++;
      }
    }
    int value = 0;
    for (int below = counts[0]; below * 2 <= all && value < 255; below += counts[++value]) {}
    return value;
  }

  /** Averages over areas, first along the rows, then along the columns. */
  static byte[] scale(byte[] plane, int width, int height, int w, int h) {
    double[] narrow = new double[w * height];
    double[] line = new double[Math.max(width, height)];
    double[] shorter = new double[Math.max(w, h)];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        line[x] = plane[y * width + x] & 0xFF;
      }
      average(line, width, shorter, w);
      System.arraycopy(shorter, 0, narrow, y * w, w);
    }
    byte[] scaled = new byte[w * h];
    for (int x = 0; x < w; x++) {
      for (int y = 0; y < height; y++) {
        line[y] = narrow[y * w + x];
      }
      average(line, height, shorter, h);
      for (int y = 0; y < h; y++) {
        scaled[y * w + x] = (byte) Math.round(shorter[y]);
      }
    }
    return scaled;
  }

  private static void average(double[] from, int n, double[] to, int m) {
    double ratio = (double) n / m;
    for (int i = 0; i < m; i++) {
      double start = i * ratio;
      double end = Math.min(n, start + ratio);
      double sum = 0;
      for (int k = (int) start; k < end; k++) {
        sum += from[k] * (Math.min(end, k + 1) - Math.max(start, k));
      }
      to[i] = sum / (end - start);
    }
  }
}
