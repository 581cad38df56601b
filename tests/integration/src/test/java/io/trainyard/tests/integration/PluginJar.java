package io.trainyard.tests.integration;

import io.trainyard.spi.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Makes plugin JARs as their authors would: compiles sources against the SPI, and packs them with a manifest and a
 * services file. The test's own thread.
 */
final class PluginJar {
  private static final String SERVICES = "META-INF/services/" + Task.class.getName();

  private final Map<String, String> sources = new LinkedHashMap<>();
  private final Map<String, String> manifest = new LinkedHashMap<>();
  private final List<String> services = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();

  private PluginJar() {
    manifest.put("Trainyard-Spi", "1");
    manifest.put("Implementation-Version", "1.0");
  }

  /** With one task class. */
  static PluginJar of(String className, String source) {
    return new PluginJar().source(className, source).service(className);
  }

  PluginJar source(String className, String source) {
    sources.put(className, source);
    return this;
  }

  PluginJar service(String className) {
    services.add(className);
    return this;
  }

  /** Null takes the entry out. */
  PluginJar manifest(String name, @Nullable String value) {
    if (value == null) {
      manifest.remove(name);
    } else {
      manifest.put(name, value);
    }
    return this;
  }

  PluginJar version(String version) {
    return manifest("Implementation-Version", version);
  }

  /** Compiled, but not packed: what a forgotten dependency looks like. */
  PluginJar leaveOut(String className) {
    leftOut.add(className);
    return this;
  }

  /** Writes it beside, then moves it there: a plugins folder sees a whole JAR or none. */
  Path into(Path folder, String file) throws IOException {
    Files.createDirectories(folder);
    Path classes = Files.createTempDirectory("plugin-classes-");
    Path jar = Files.createTempFile("plugin-", ".tmp");
    compile(classes);
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      StringBuilder main = new StringBuilder("Manifest-Version: 1.0\r\n");
      manifest.forEach((name, value) -> main.append(name).append(": ").append(value).append("\r\n"));
      entry(zip, "META-INF/MANIFEST.MF", main.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
      if (!services.isEmpty()) {
        entry(zip, SERVICES, String.join("\n", services).getBytes(StandardCharsets.UTF_8));
      }
      List<Path> compiled;
      try (Stream<Path> files = Files.walk(classes)) {
        compiled = files.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path one : compiled) {
        String name = classes.relativize(one).toString();
        if (Files.isRegularFile(one) && leftOut.stream().noneMatch(it -> name.equals(it.replace('.', '/') + ".class"))) {
          entry(zip, name, Files.readAllBytes(one));
        }
        Files.delete(one);
      }
    }
    return Files.move(jar, folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
  }

  private void compile(Path classes) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IllegalStateException("these tests need a JDK, not only a JRE");
    }
    List<JavaFileObject> units = new ArrayList<>();
    sources.forEach((name, source) -> units.add(new Source(name, source)));
    StringWriter messages = new StringWriter();
    List<String> options =
        List.of("-d", classes.toString(), "-cp", spi().toString(), "--release", "17", "-nowarn", "-proc:none");
    if (!compiler.getTask(messages, null, null, options, null, units).call()) {
      throw new IllegalArgumentException(messages.toString());
    }
  }

  private static Path spi() {
    try {
      return Path.of(Task.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void entry(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(0);
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String className, String text) {
      super(URI.create("string:///" + className.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreErrors) {
      return text;
    }
  }
}
