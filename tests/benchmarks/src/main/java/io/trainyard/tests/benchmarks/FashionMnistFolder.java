package io.trainyard.tests.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where the pictures lie that a benchmark trains on; one thread. */
final class FashionMnistFolder {
  private static final Path DEBIAN = Path.of("/usr/share/datasets/fashion-mnist");

  private FashionMnistFolder() {}

  static Path find() throws IOException {
    String named = System.getenv("TRAINYARD_DATA");
    Stream<Path> places =
        named == null
            ? Stream.of(DEBIAN)
            : Stream.of(Path.of(named), Path.of(named).resolve("fashion-mnist"), DEBIAN);
    return places
        .filter(it -> Files.isRegularFile(it.resolve("train-images-idx3-ubyte.gz")))
        .findFirst()
        .orElseThrow(
            () ->
                new IOException(
                    "Fashion-MNIST is not in " + DEBIAN + " and not in the folder that TRAINYARD_DATA names. Install it"
                        + " (Debian: apt-get install dataset-fashion-mnist), or set TRAINYARD_DATA."));
  }
}
