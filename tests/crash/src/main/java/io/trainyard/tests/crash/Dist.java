package io.trainyard.tests.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The program as it is shipped: the runnable JAR, and what lies beside it.
 *
 * @param jar the runnable JAR
 */
record Dist(Path jar) {
  private static final Path IN_CHECKOUT = Path.of("platform/cli/target/dist/trainyard.jar");

  /** Named by the property {@code trainyard.dist}, else found in the checkout that this is run from. */
  static Dist find() {
    String named = System.getProperty("trainyard.dist");
    Path jar = named != null ? Path.of(named).resolve("trainyard.jar") : inCheckout(Path.of("").toAbsolutePath());
    if (!Files.exists(jar)) {
      throw new IllegalStateException(jar + " is not there. Build it: ./trainyard build");
    }
    return new Dist(jar.toAbsolutePath().normalize());
  }

  private static Path inCheckout(Path from) {
    for (Path folder = from; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve(IN_CHECKOUT))) {
        return folder.resolve(IN_CHECKOUT);
      }
    }
    return from.resolve(IN_CHECKOUT);
  }

  /**
   * The same JAR in another folder, without TensorFlow and without the built-in plugins: a runner that has nothing to load is there in a
   * third of the time, and kill -9 does not ask what a process had loaded.
   */
  Dist light(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path link = folder.resolve("trainyard.jar");
    if (!Files.exists(link)) {
      try {
        Files.createLink(link, jar);
      } catch (IOException otherFileSystem) {
        Files.copy(jar, link);
      }
    }
    return new Dist(link);
  }
}
