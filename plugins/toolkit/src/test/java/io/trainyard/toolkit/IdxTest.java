package io.trainyard.toolkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdxTest {
  /** Two pictures of 2 x 3. */
  private static final byte[] PICTURES = {
    0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, (byte) 255
  };

  @TempDir Path folder;

  @Test
  void packedOrNotItIsTheSame() throws IOException {
    Idx plain = Idx.read(file(PICTURES), 3);
    Idx packed = Idx.read(file(gzip(PICTURES)), 3);
    assertThat(plain.sizes()).containsExactly(2, 2, 3);
    assertThat(plain.data()).isEqualTo(Arrays.copyOfRange(PICTURES, 16, 28)).isEqualTo(packed.data());
    assertThat(plain.sha256()).isEqualTo(packed.sha256()).isEqualTo(Fingerprint.of(PICTURES));
  }

  @Test
  void whatIsNoSuchFileIsRefusedByNameAndReason() throws IOException {
    refused(Arrays.copyOf(PICTURES, 10), "is damaged: it ends after 10 bytes, in its header");
    refused(Arrays.copyOf(PICTURES, 27), "is damaged: its header says 12 bytes of data, but there are 11");
    refused(Arrays.copyOf(PICTURES, 29), "cannot be read: its header says 12 bytes of data, but there are more");
    byte[] labels = PICTURES.clone();
    labels[3] = 1;
    refused(labels, "cannot be read: it begins with 0x00000801, but IDX bytes of 3 dimensions with 0x00000803");
    byte[] negative = PICTURES.clone();
    negative[4] = (byte) 0x80;
    refused(negative, "cannot be read: its header says sizes of [-2147483646]");
    byte[] huge = PICTURES.clone();
    huge[5] = 0x7f;
    huge[9] = 0x7f;
    refused(huge, "cannot be read: its header says sizes of [8323074, 8323074]");
    byte[] packed = gzip(PICTURES);
    refused(Arrays.copyOf(packed, packed.length - 6), "is damaged: ");
    packed[packed.length - 6] ^= 1;
    refused(packed, "is damaged: ");
    refused(new byte[0], "is damaged: it ends after 0 bytes");
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> Idx.read(missing, 3)).hasMessageContaining(missing + " cannot be read");
  }

  private void refused(byte[] content, String reason) throws IOException {
    Path file = file(content);
    assertThatThrownBy(() -> Idx.read(file, 3))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + " " + reason);
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve(System.nanoTime() + ".idx"), content);
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }
}
