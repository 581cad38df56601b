package io.trainyard.toolkit.text;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A text that was found, and not read yet: files, or what is made in memory. Any thread.
 *
 * @param name what it is called in the provenance
 * @param parts read one after the other
 * @param folder where its files are; empty if it is in memory
 * @param normalize what {@code auto} stands for with it
 * @param entropyRate nats a token of the source that has made it, where that is known
 */
public record Source(
    String name, List<Part> parts, Optional<Path> folder, Normalize normalize, OptionalDouble entropyRate) {
  public Source {
    parts = List.copyOf(parts);
  }

  static Source ofFiles(String name, List<Path> files, Normalize normalize) {
    List<Part> parts = files.stream().map(it -> (Part) new FilePart(it)).toList();
    Path folder = files.get(0).toAbsolutePath().getParent();
    return new Source(name, parts, Optional.ofNullable(folder), normalize, OptionalDouble.empty());
  }

  static Source ofMemory(String name, byte[] text, double entropyRate) {
    return new Source(
        name, List.of(new MemoryPart(name, text)), Optional.empty(), Normalize.NONE, OptionalDouble.of(entropyRate));
  }

  /** How many bytes there are to read. */
  public long bytes() throws IOException {
    long sum = 0;
    for (Part part : parts) {
      sum += part.bytes();
    }
    return sum;
  }

  /** Begins to read. */
  public TextReader open(Preprocessing how, TokenSink sink) {
    return new TextReader(this, how, sink);
  }

  String where(int part) {
    return folder.map(it -> it.resolve(parts.get(part).name()).toString()).orElse(name);
  }

  /** One file of it, or what is like one. */
  public sealed interface Part {
    String name();

    long bytes() throws IOException;

    InputStream open() throws IOException;
  }

  private record FilePart(Path file) implements Part {
    @Override
    public String name() {
      return file.getFileName().toString();
    }

    @Override
    public long bytes() throws IOException {
      return Files.size(file);
    }

    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(file);
    }
  }

  private record MemoryPart(String name, byte[] text) implements Part {
    @Override
    public long bytes() {
      return text.length;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(text);
    }
  }
}
