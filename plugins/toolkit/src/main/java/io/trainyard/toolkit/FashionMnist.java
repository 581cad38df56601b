package io.trainyard.toolkit;

import io.trainyard.spi.InvalidDataException;
import io.trainyard.spi.Run;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fashion-MNIST, found on this machine or downloaded: 60,000 pictures to train and 10,000 to test, of 28 x 28 grey
 * pixels, in ten classes. Used by the thread that trains.
 *
 * <p>By Zalando Research, MIT licence, <a href="https://github.com/zalandoresearch/fashion-mnist">its page</a>.
 */
public record FashionMnist(Pictures train, Pictures test) {
  public static final List<String> CLASSES =
      List.of(
          "t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot");

  public static final int WIDTH = 28;
  public static final int HEIGHT = 28;
  public static final int PIXELS = WIDTH * HEIGHT;

  static final Published PUBLISHED =
      new Published(
          "Fashion-MNIST",
          "fashion-mnist",
          "31 MB",
          Arrays.stream(File.values()).map(it -> it.item).toList(),
          Optional.of(
              new Published.Installed(
                  Path.of("/usr/share/datasets/fashion-mnist"),
                  "Debian's package (apt-get install dataset-fashion-mnist)")),
          List.of(
              URI.create("https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"),
              URI.create("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/")));

  private static final Logger log = LoggerFactory.getLogger(FashionMnist.class);

  /**
   * Finds and reads it, downloads it where it is nowhere, and notes in the run's provenance what it is.
   *
   * @throws InvalidDataException names all the ways to get it; or the file that is damaged
   */
  public static FashionMnist load(Run run) {
    Path folder = Places.of(PUBLISHED, run.dataFolder()).get(run);
    List<Idx> files = read(folder);
    List<String> found = files.stream().map(Idx::sha256).toList();
    boolean published = found.equals(Arrays.stream(File.values()).map(it -> it.item.sha256()).toList());
    if (!published) {
      log.warn("What is in {} is not Fashion-MNIST as it was published; published figures do not hold for it", folder);
    }
    run.provenance("data.name", PUBLISHED.name() + (published ? "" : ", changed"));
    run.provenance("data.sha256", Fingerprint.of(listing(found).getBytes(StandardCharsets.UTF_8)));
    run.provenance("data.folder", folder.toString());
    return new FashionMnist(pictures(files.get(0), files.get(1), folder), pictures(files.get(2), files.get(3), folder));
  }

  /** Why it cannot be had on this machine, with all the ways out; empty when it can. */
  public static Optional<String> unavailable(Optional<Path> data) {
    return Places.of(PUBLISHED, data).unavailable();
  }

  /** What {@code sha256sum} prints of the unpacked files: one hash names all four. */
  private static String listing(List<String> hashes) {
    File[] files = File.values();
    return IntStream.range(0, files.length)
        .mapToObj(i -> hashes.get(i) + "  " + files[i].item.file().replace(".gz", "") + "\n")
        .collect(Collectors.joining());
  }

  /** All four at the same time: unpacking the large one takes as long as the rest together. */
  private static List<Idx> read(Path folder) {
    List<CompletableFuture<Idx>> reading =
        Arrays.stream(File.values())
            .map(
                it ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          try {
                            return Idx.read(it.item.in(folder), it.dimensions);
                          } catch (IOException e) {
                            throw new InvalidDataException(e.getMessage());
                          }
                        },
                        Threads.EACH))
            .toList();
    try {
      return reading.stream().map(CompletableFuture::join).toList();
    } catch (CompletionException e) {
      throw e.getCause() instanceof InvalidDataException invalid ? invalid : e;
    }
  }

  private static Pictures pictures(Idx images, Idx labels, Path folder) {
    int[] sizes = images.sizes();
    if (sizes[1] != HEIGHT || sizes[2] != WIDTH || sizes[0] != labels.sizes()[0]) {
      throw new InvalidDataException(
          folder + " has " + sizes[0] + " pictures of " + sizes[2] + " x " + sizes[1] + " with " + labels.sizes()[0]
              + " labels; Fashion-MNIST's are 28 x 28, each with a label");
    }
    byte[] classes = labels.data();
    for (byte label : classes) {
      if (Byte.toUnsignedInt(label) >= CLASSES.size()) {
        throw new InvalidDataException(folder + " has a label " + label + "; Fashion-MNIST's are 0 to 9");
      }
    }
    return new Pictures(WIDTH, HEIGHT, images.data(), classes, CLASSES);
  }

  /** Its files, with the SHA-256 of what is in them. */
  enum File {
    TRAIN_IMAGES(
        "train-images-idx3-ubyte.gz", 3, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
    TRAIN_LABELS(
        "train-labels-idx1-ubyte.gz", 1, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
    TEST_IMAGES("t10k-images-idx3-ubyte.gz", 3, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
    TEST_LABELS("t10k-labels-idx1-ubyte.gz", 1, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34");

    final Published.Item item;
    final int dimensions;

    File(String file, int dimensions, String sha256) {
      this.item = new Published.Item(file, sha256);
      this.dimensions = dimensions;
    }
  }
}
