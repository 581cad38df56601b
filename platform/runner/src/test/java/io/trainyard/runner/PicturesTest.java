package io.trainyard.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.spi.Exhibit;
import io.trainyard.spi.Predictor;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PicturesTest {
  private static final Predictor.Input GREY = new Predictor.Input(4, 4, 1);

  @TempDir Path dir;

  @Test
  void eachPixelIsTheAverageOfTheAreaThatItCovers() {
    byte[] plane = {0, 100, (byte) 200, 40, 20, 80, 100, 60};
    assertThat(Pictures.scale(plane, 4, 2, 2, 1)).containsExactly(50, 100);
    // Three pixels to two: the one in the middle belongs to both by half.
    assertThat(Pictures.scale(new byte[] {0, 90, 120}, 3, 1, 2, 1)).containsExactly(30, 110);
    assertThat(Pictures.scale(new byte[] {10, 20}, 2, 1, 4, 2)).containsExactly(10, 10, 20, 20, 10, 10, 20, 20);
    assertThat(Pictures.scale(plane, 4, 2, 4, 2)).isEqualTo(plane);
  }

  @Test
  void aGreyPictureOfTheRightSizeIsTakenAsItIs() throws Exception {
    BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
    byte[] pixels = new byte[16];
    for (int i = 0; i < 16; i++) {
      pixels[i] = (byte) (i * 7);
      image.getRaster().setSample(i % 4, i / 4, 0, i * 7);
    }
    Exhibit.Picture picture = read(GREY, write(image, "png"));
    assertThat(picture.pixels()).isEqualTo(pixels);
    assertThat(picture.channels()).isEqualTo(1);
  }

  @Test
  void aBrightGroundIsTurnedDarkForAModelOfGreyAndLeftForOneOfColours() throws Exception {
    BufferedImage image = filled(8, 8, Color.WHITE);
    for (int i = 2; i < 6; i++) {
      for (int k = 2; k < 6; k++) {
        image.setRGB(i, k, 0x202020);
      }
    }
    Path file = write(image, "png");
    assertThat(read(GREY, file).pixels())
        .containsExactly(0, 0, 0, 0, 0, 223 - 256, 223 - 256, 0, 0, 223 - 256, 223 - 256, 0, 0, 0, 0, 0);
    Exhibit.Picture colours = read(new Predictor.Input(4, 4, 3), file);
    assertThat(colours.pixels()).hasSize(48).startsWith(-1, -1, -1);
  }

  @Test
  void coloursBecomeGreyByTheirLuminanceAndWhatIsTransparentIsWhite() throws Exception {
    BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_ARGB);
    int[] argb = {0xFFFF0000, 0xFF00FF00, 0xFF0000FF, 0x00123456};
    for (int i = 0; i < 16; i++) {
      image.setRGB(i % 4, i / 4, argb[i % 4]);
    }
    // The border is 76, 150, 29 and 255 by quarters, though the first and the last column are all border: inverted.
    Exhibit.Picture picture = read(GREY, write(image, "png"));
    assertThat(new int[] {picture.pixels()[0], picture.pixels()[1], picture.pixels()[2], picture.pixels()[3]})
        .containsExactly((byte) (255 - 76), 255 - 150, (byte) (255 - 29), 0);
    Exhibit.Picture colours = read(new Predictor.Input(4, 4, 3), write(image, "png"));
    assertThat(colours.pixels()).startsWith(-1, 0, 0, 0, -1, 0, 0, 0, -1, -1, -1, -1);
  }

  @Test
  void thePictureKeepsItsProportionsOnAGroundOfItsOwnBorder() throws Exception {
    BufferedImage image = filled(8, 4, new Color(10, 10, 10));
    for (int x = 2; x < 6; x++) {
      image.setRGB(x, 1, 0xC8C8C8);
      image.setRGB(x, 2, 0xC8C8C8);
    }
    byte[] pixels = read(GREY, write(image, "bmp")).pixels();
    assertThat(pixels).startsWith(10, 10, 10, 10).endsWith(10, 10, 10, 10);
    assertThat(pixels[4]).isEqualTo((byte) 10);
    assertThat(pixels[5]).isEqualTo((byte) 105);
    assertThat(read(GREY, write(filled(1, 500, Color.BLACK), "png")).pixels()).containsOnly(0);
  }

  @Test
  void aLargePhotoIsReadInLittleMemoryAndComesOutTheSame() throws Exception {
    BufferedImage photo = new BufferedImage(6000, 5000, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < 5000; y++) {
      for (int x = 0; x < 6000; x++) {
        photo.getRaster().setSample(x, y, 0, x < 3000 ? 40 : 120);
      }
    }
    byte[] pixels = read(new Predictor.Input(6, 5, 1), write(photo, "jpg")).pixels();
    assertThat(pixels).startsWith(40, 40, 40, 120, 120, 120);
  }

  @Test
  void whatIsTooLargeIsRefusedBeforeItIsDecoded() throws Exception {
    Path bomb = dir.resolve("bomb.png");
    Files.write(bomb, Files.readAllBytes(write(filled(1, 1, Color.RED), "png")));
    try (RandomAccessFile file = new RandomAccessFile(bomb.toFile(), "rw")) {
      // 40 million pixels and some: its header says so, its data does not matter.
      byte[] header = ByteBuffer.allocate(17).put("IHDR".getBytes("ASCII")).putInt(10_000).putInt(4_001)
          .put(new byte[] {8, 2, 0, 0, 0}).array();
      CRC32 crc = new CRC32();
      crc.update(header);
      file.seek(12);
      file.write(header);
      file.writeInt((int) crc.getValue());
    }
    refused("Picture 1 has 10000 x 4001 pixels; at most 40 million are taken. Make it smaller.", bomb);
    Path heavy = dir.resolve("heavy.png");
    try (RandomAccessFile file = new RandomAccessFile(heavy.toFile(), "rw")) {
      file.setLength((20 << 20) + 1);
    }
    refused("Picture 1 has 20971521 bytes; at most 20971520 (20 MiB) are taken. Make it smaller.", heavy);
  }

  @Test
  void whatIsNoPictureIsSaidByItsNumber() throws Exception {
    Path good = write(filled(2, 2, Color.RED), "png");
    Path text = Files.writeString(dir.resolve("a.png"), "<html>");
    refused("Picture 2 is neither PNG nor JPEG nor GIF nor BMP. Convert it to one of these.", good, text);
    Path cut = dir.resolve("cut.png");
    byte[] whole = Files.readAllBytes(write(filled(500, 500, Color.RED), "png"));
    Files.write(cut, Arrays.copyOf(whole, 60));
    refused("Picture 1 cannot be read: ", cut);
    refused("Picture 1 cannot be read: ", dir.resolve("missing.png"));
    refused("A question has 1 to 16 pictures, not 17.", Collections.nCopies(17, good).toArray(new Path[0]));
    refused("A question has 1 to 16 pictures, not 0.");
  }

  private void refused(String message, Path... files) {
    assertThatThrownBy(() -> new Pictures(GREY).read(List.of(files)))
        .isInstanceOf(UnanswerableException.class)
        .hasMessageStartingWith(message);
  }

  private static Exhibit.Picture read(Predictor.Input input, Path file) throws Exception {
    return new Pictures(input).read(List.of(file)).get(0);
  }

  private static BufferedImage filled(int width, int height, Color colour) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, colour.getRGB());
      }
    }
    return image;
  }

  private Path write(BufferedImage image, String format) throws Exception {
    Path file = Files.createTempFile(dir, "picture", "." + format);
    assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
    return file;
  }
}
