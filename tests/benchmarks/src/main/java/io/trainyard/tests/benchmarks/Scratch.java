package io.trainyard.tests.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** An empty folder on the disk that is measured; gone when closed. One thread. */
public final class Scratch implements AutoCloseable {
  private final Path path;

  Scratch(String name) throws IOException {
    path = Path.of(System.getProperty("trainyard.scratch"), name);
    delete(path);
    Files.createDirectories(path);
  }

  Path path() {
    return path;
  }

  /** Bytes of all files below. */
  static long bytes(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(Scratch::size).sum();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    delete(path);
  }

  /** Deletes what is there, also while another thread still writes in it. */
  public static void delete(Path folder) throws IOException {
    for (int attempt = 0; Files.exists(folder); attempt++) {
      try {
        deleteOnce(folder);
      } catch (NoSuchFileException | DirectoryNotEmptyException moving) {
        if (attempt == 100) {
          throw moving;
        }
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  private static void deleteOnce(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
