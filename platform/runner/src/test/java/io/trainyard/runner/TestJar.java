package io.trainyard.runner;

import io.trainyard.spi.Task;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Builds plugin JARs from source text; one thread. */
final class TestJar {
  static final String SERVICES = "META-INF/services/" + Task.class.getName();

  private final Map<String, String> sources = new LinkedHashMap<>();
  private final List<String> services = new ArrayList<>();
  private final List<String> without = new ArrayList<>();
  private @Nullable String spi = "1";
  private boolean offers = true;

  /** A class in the package {@code p}, with the usual imports. */
  TestJar source(String name, String body) {
    sources.put("p/" + name, "package p; import io.trainyard.spi.*; import java.util.*; import java.nio.file.*; " + body);
    return this;
  }

  /** A class of any package. */
  TestJar raw(String path, String text) {
    sources.put(path, text);
    return this;
  }

  /** A task of the id "t" in the class {@code p.T}, with this body of {@code train}. */
  TestJar task(String train) {
    return task("T", "t", "", train);
  }

  TestJar task(String type, String id, String params, String train) {
    String metric = "static final Metric LOSS = Metric.minimize(\"train/loss\");";
    services.add("p." + type);
    return source(
        type,
        "public class " + type + " implements Task { " + metric + params.replaceAll("=>.*", "")
            + " public TaskSpec spec() { return TaskSpec.of(\"" + id + "\", \"A test\").metrics(LOSS)"
            + (params.contains("=>") ? params.replaceAll("(?s).*=>", "") : "") + "; }"
            + " public void train(Run run) throws Exception { " + train + " } }");
  }

  TestJar service(String type) {
    services.add(type);
    return this;
  }

  TestJar spi(@Nullable String version) {
    spi = version;
    return this;
  }

  TestJar noServices() {
    offers = false;
    return this;
  }

  /** Leaves a compiled class out of the JAR. */
  TestJar leaveOut(String type) {
    without.add(type);
    return this;
  }

  Path build(Path jar) throws IOException {
    Path classes = Files.createTempDirectory(jar.toAbsolutePath().getParent(), "classes");
    compile(classes);
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.IMPLEMENTATION_VERSION, "9.9");
    if (spi != null) {
      main.putValue("Trainyard-Spi", spi);
    }
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream to = new JarOutputStream(out, manifest);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = classes.relativize(file).toString().replace(File.separatorChar, '/');
        if (!without.contains(name.replace(".class", "").replace('/', '.'))) {
          to.putNextEntry(new JarEntry(name));
          Files.copy(file, to);
        }
      }
      if (offers) {
        to.putNextEntry(new JarEntry(SERVICES));
        to.write(String.join("\n", services).getBytes(StandardCharsets.UTF_8));
      }
    }
    return jar;
  }

  private void compile(Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<JavaFileObject> units = new ArrayList<>();
    sources.forEach((path, text) -> units.add(new Source(path, text)));
    boolean compiled =
        units.isEmpty()
            || compiler
                .getTask(
                    messages,
                    null,
                    null,
                    List.of("-d", classes.toString(), "-proc:none", "-cp", System.getProperty("java.class.path")),
                    null,
                    units)
                .call();
    if (!compiled) {
      throw new IOException(messages.toString());
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String path, String text) {
      super(URI.create("string:///" + path + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
