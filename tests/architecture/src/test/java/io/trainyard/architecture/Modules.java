package io.trainyard.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The class files of every module, as the last build left them. */
final class Modules {
  private static final Path ROOT = Path.of("..", "..");

  /** The least number of classes that each must have: a rule over no classes holds, and says nothing. */
  private static final Map<String, Integer> LEAST =
      Map.of(
          "platform/spi", 20, "platform/testkit", 3, "platform/client", 12, "platform/core", 80, "platform/store", 100, "platform/runner", 15,
          "platform/hub", 70, "platform/cli", 25);

  static final JavaClasses ALL = load();

  private Modules() {}

  static List<Path> plugins() {
    try (Stream<Path> folders = Files.list(ROOT.resolve("plugins"))) {
      return folders.filter(folder -> Files.exists(folder.resolve("pom.xml"))).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JavaClasses load() {
    List<Path> paths = new ArrayList<>();
    LEAST.forEach((module, least) -> paths.add(classes(ROOT.resolve(module), least)));
    plugins().forEach(plugin -> paths.add(classes(plugin, 1)));
    return new ClassFileImporter().importPaths(paths);
  }

  private static Path classes(Path module, int least) {
    Path classes = module.resolve("target/classes");
    long count = 0;
    if (Files.isDirectory(classes)) {
      try (Stream<Path> files = Files.walk(classes)) {
        count = files.filter(file -> file.toString().endsWith(".class")).count();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    if (count < least) {
      throw new AssertionError(classes.normalize() + " has " + count + " classes, but there should be at least " + least + ". Build it first.");
    }
    return classes;
  }
}
