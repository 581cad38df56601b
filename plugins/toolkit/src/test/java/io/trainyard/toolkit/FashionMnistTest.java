package io.trainyard.toolkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.spi.InvalidDataException;
import io.trainyard.testkit.RecordingRun;
import io.trainyard.toolkit.FashionMnist.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FashionMnistTest {
  private static final URI NOBODY = URI.create("http://localhost:1/");

  @TempDir Path folder;

  @Test
  void itIsReadAsItWasPublished() {
    RecordingRun run = new RecordingRun(new Line());
    FashionMnist data = FashionMnist.load(run);
    assertThat(data.train().size()).isEqualTo(60_000);
    assertThat(data.test().size()).isEqualTo(10_000);
    assertThat(run.provenance()).containsEntry("data.name", "fashion-mnist");
    assertThat(data.train().label(0)).isEqualTo(9);
    // The mean of all pixels that everybody who scales them knows.
    long sum = 0;
    for (byte pixel : data.train().pixels()) {
      sum += Byte.toUnsignedInt(pixel);
    }
    assertThat(sum / 255.0 / data.train().pixels().length).isBetween(0.28604, 0.28605);
  }

  @Test
  void whatTheUserNamesComesFirst() throws IOException {
    Path named = Files.createDirectories(folder.resolve("mine"));
    Path inside = Files.createDirectories(folder.resolve("sets").resolve("fashion-mnist"));
    fill(named, true);
    fill(inside, false);
    Map<String, String> environment = Map.of("TRAINYARD_DATA", folder.resolve("sets").toString());
    assertThat(places(Optional.of(named), environment::get).find()).contains(named);
    assertThat(places(Optional.of(folder.resolve("nothing")), environment::get).find()).contains(inside);
    assertThat(places(Optional.of(folder.resolve("sets")), name -> null).find()).contains(inside);
    Files.delete(named.resolve(File.TEST_LABELS.item.file()));
    assertThat(places(Optional.of(named), environment::get).find()).as("three of four").contains(inside);
  }

  @Test
  void downloadsGoToTheHomeOfTheUser() {
    assertThat(places(Optional.empty(), Map.of("TRAINYARD_HOME", "/home/me/yard")::get).cache())
        .isEqualTo(Path.of("/home/me/yard/datasets/fashion-mnist"));
    assertThat(places(Optional.empty(), name -> null).cache())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".trainyard/datasets/fashion-mnist"));
    Map<String, String> mirrors = Map.of("TRAINYARD_FASHION_MNIST_MIRRORS", "http://a/x, http://b/");
    assertThat(places(Optional.empty(), mirrors::get).mirrors())
        .containsExactly(URI.create("http://a/x/"), URI.create("http://b/"));
  }

  @Test
  void whereItIsNowhereOneErrorNamesAllWays() {
    Published it = FashionMnist.PUBLISHED;
    Published elsewhere =
        new Published(
            it.title(),
            it.name(),
            it.size(),
            it.files(),
            it.system().map(debian -> new Published.Installed(folder.resolve("system"), debian.help())),
            it.hosts());
    Places places = new Places(elsewhere, List.of(folder), folder.resolve("cache"), List.of(NOBODY));
    assertThat(places.find()).isEmpty();
    assertThatThrownBy(() -> places.download(() -> false))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageContaining(
            "not in " + folder + ", " + folder.resolve("system") + ", " + folder.resolve("cache"))
        .hasMessageContaining("the download failed (" + NOBODY + "train-images-idx3-ubyte.gz: ")
        .hasMessageContaining("--data FOLDER")
        .hasMessageContaining("TRAINYARD_DATA=FOLDER")
        .hasMessageContaining("apt-get install dataset-fashion-mnist")
        .hasMessageContaining("a connection to " + NOBODY);
  }

  @Test
  void otherDataOfItsShapeIsTakenAndNamed() throws IOException {
    fill(folder, true);
    RecordingRun run = new RecordingRun(new Line()).data(folder);
    FashionMnist data = FashionMnist.load(run);
    assertThat(data.train().size()).isEqualTo(2);
    assertThat(run.provenance()).containsEntry("data.name", "fashion-mnist, changed");
    assertThat(run.provenance().get("data.sha256")).matches("[0-9a-f]{64}");
  }

  @Test
  void dataOfAnotherShapeIsRefused() throws IOException {
    fill(folder, true);
    Files.write(folder.resolve(File.TEST_LABELS.item.file()), new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 3});
    RecordingRun run = new RecordingRun(new Line()).data(folder);
    assertThatThrownBy(() -> FashionMnist.load(run))
        .isInstanceOf(InvalidDataException.class)
        .hasMessage(
            folder + " has 2 pictures of 28 x 28 with 1 labels; Fashion-MNIST's are 28 x 28, each with a label");
    Files.write(folder.resolve(File.TEST_LABELS.item.file()), new byte[] {0, 0, 8, 1, 0, 0, 0, 2, 3, 10});
    assertThatThrownBy(() -> FashionMnist.load(run)).hasMessageContaining("has a label 10; Fashion-MNIST's are 0 to 9");
    Files.write(folder.resolve(File.TRAIN_IMAGES.item.file()), new byte[] {0, 0, 8});
    assertThatThrownBy(() -> FashionMnist.load(run))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageContaining(folder.resolve(File.TRAIN_IMAGES.item.file()) + " is damaged");
  }

  private static Places places(Optional<Path> data, Function<String, @Nullable String> environment) {
    return Places.of(FashionMnist.PUBLISHED, data, environment);
  }

  /** Two pictures with labels each; under the names of the packed files, or unpacked. */
  private static void fill(Path folder, boolean names) throws IOException {
    byte[] pictures = new byte[16 + 2 * 784];
    System.arraycopy(new byte[] {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28}, 0, pictures, 0, 16);
    byte[] labels = {0, 0, 8, 1, 0, 0, 0, 2, 3, 9};
    for (File file : File.values()) {
      String name = names ? file.item.file() : file.item.file().replace(".gz", "");
      Files.write(folder.resolve(name), file.dimensions == 3 ? pictures : labels);
    }
  }
}
