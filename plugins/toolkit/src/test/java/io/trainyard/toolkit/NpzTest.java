package io.trainyard.toolkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NpzTest {
  @TempDir Path folder;

  @Test
  void whatWasWrittenIsReadBitForBit() throws IOException {
    float[] odd = {1, -0f, Float.NaN, Float.MIN_VALUE, Float.NEGATIVE_INFINITY, 0.1f};
    Path file = write(Map.of("w/momentum", Npz.Array.of(new long[] {2, 3}, odd)));
    Npz.Array read = Npz.read(file).get("w/momentum");
    assertThat(read.shape()).containsExactly(2, 3);
    for (int i = 0; i < odd.length; i++) {
      assertThat(Float.floatToRawIntBits(read.floats()[i])).isEqualTo(Float.floatToRawIntBits(odd[i]));
    }
    Path rows = write(Map.of("rows", Npz.Array.of(new long[] {2, 2}, new int[] {1, -2, Integer.MAX_VALUE, 0})));
    assertThat(Npz.read(rows).get("rows").ints()).containsExactly(1, -2, Integer.MAX_VALUE, 0);
    Path text = write(Map.of("text", Npz.Array.of(new byte[] {-1, 0, 65})));
    assertThat(Npz.read(text).get("text").bytes()).containsExactly(-1, 0, 65);
    Path sums = write(Map.of("sums", Npz.Array.of(new double[] {1e300, -2})));
    assertThat(Npz.read(sums).get("sums").doubles()).containsExactly(1e300, -2);
  }

  @Test
  void theFilesAreAsNumPyDescribesThem() throws IOException {
    Map<String, Npz.Array> arrays = new LinkedHashMap<>();
    arrays.put("w", Npz.Array.of(new long[] {1, 2}, new float[] {1, 2}));
    arrays.put("b", Npz.Array.of(new long[] {1}, new float[] {3}));
    try (ZipFile zip = new ZipFile(write(arrays).toFile())) {
      assertThat(zip.stream().map(ZipEntry::getName)).containsExactly("w.npy", "b.npy");
      byte[] w = zip.getInputStream(zip.getEntry("w.npy")).readAllBytes();
      // numpy.save of the same array, byte by byte.
      String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2,), }";
      assertThat(Arrays.copyOf(w, 10)).containsExactly(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0);
      assertThat(new String(w, 10, header.length(), StandardCharsets.US_ASCII)).isEqualTo(header);
      assertThat(w[127]).isEqualTo((byte) '\n');
      assertThat(Arrays.copyOfRange(w, 128, 136)).containsExactly(0, 0, 0x80, 0x3f, 0, 0, 0, 0x40);
      assertThat(w).hasSize(136);
    }
  }

  @Test
  void oneStateGivesTheSameBytesEachTime() throws IOException {
    Map<String, Npz.Array> arrays = Map.of("w", Npz.Array.of(new long[] {2}, new float[] {1, 2}));
    assertThat(Files.readAllBytes(write(arrays))).isEqualTo(Files.readAllBytes(write(arrays)));
  }

  @Test
  void aDamagedFileIsRefusedByName() throws IOException {
    Path file = write(Map.of("w", Npz.Array.of(new long[] {1000}, new float[1000])));
    byte[] whole = Files.readAllBytes(file);
    byte[] flipped = whole.clone();
    flipped[2000] ^= 1;
    byte[] other = "no zip".getBytes(StandardCharsets.UTF_8);
    for (byte[] bad : new byte[][] {Arrays.copyOf(whole, 2000), flipped, other, {}}) {
      Path damaged = Files.write(folder.resolve("damaged.npz"), bad);
      assertThatThrownBy(() -> Npz.read(damaged))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(damaged + " cannot be read as a checkpoint: ");
    }
  }

  @Test
  void aFileThatIsThereIsNotOverwritten() throws IOException {
    Path file = write(Map.of("w", Npz.Array.of(new double[] {1})));
    assertThatThrownBy(() -> Npz.write(file, Map.of())).isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void whatIsNotUsedHereIsRefused() {
    assertThatThrownBy(() -> new Npz.Array("<i8", new long[] {1}, new byte[8]))
        .hasMessageContaining("arrays of the type <i8 are not used here");
    assertThatThrownBy(() -> new Npz.Array("<f4", new long[] {2}, new byte[4]))
        .hasMessageContaining("[2] of <f4 does not have 4 bytes");
  }

  private Path write(Map<String, Npz.Array> arrays) throws IOException {
    Path file = folder.resolve(System.nanoTime() + ".npz");
    Npz.write(file, arrays);
    return file;
  }
}
