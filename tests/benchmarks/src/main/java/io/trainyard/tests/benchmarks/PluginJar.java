package io.trainyard.tests.benchmarks;

import io.trainyard.spi.Spi;
import io.trainyard.spi.Task;
import io.trainyard.tests.benchmarks.plugin.PhasedRun;
import io.trainyard.tests.benchmarks.plugin.TrackedLinreg;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Packs JARs: the tracked task, with the linreg plugin as it is shipped; and bare Vert.x, for class-data archives take
 * no folders.
 */
final class PluginJar {
  private PluginJar() {}

  static void tracked(Path jar) throws IOException {
    Manifest manifest = manifest();
    manifest.getMainAttributes().putValue(Spi.MANIFEST_ATTRIBUTE, Integer.toString(Spi.VERSION));
    Files.createDirectories(jar.getParent());
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      byte[] provider = TrackedLinreg.class.getName().getBytes(StandardCharsets.UTF_8);
      entry(out, "META-INF/services/" + Task.class.getName(), provider);
      add(out, TrackedLinreg.class.getName());
      add(out, PhasedRun.class.getName());
      add(out, PhasedRun.class.getName() + "$1");
      Path shipped = Program.dist().resolve("plugins");
      try (DirectoryStream<Path> plugins = Files.newDirectoryStream(shipped, "*linreg*.jar")) {
        for (Path plugin : plugins) {
          copyClasses(plugin, out);
        }
      }
    }
  }

  static void bare(Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest())) {
      add(out, BareVertx.class.getName());
    }
  }

  private static Manifest manifest() {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    return manifest;
  }

  private static void copyClasses(Path plugin, JarOutputStream out) throws IOException {
    try (JarFile from = new JarFile(plugin.toFile())) {
      for (Enumeration<JarEntry> entries = from.entries(); entries.hasMoreElements(); ) {
        JarEntry entry = entries.nextElement();
        if (entry.getName().endsWith(".class")) {
          try (InputStream in = from.getInputStream(entry)) {
            entry(out, entry.getName(), in.readAllBytes());
          }
        }
      }
    }
  }

  private static void add(JarOutputStream out, String type) throws IOException {
    String name = type.replace('.', '/') + ".class";
    try (InputStream in = PluginJar.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("there is no " + name);
      }
      entry(out, name, in.readAllBytes());
    }
  }

  private static void entry(JarOutputStream out, String name, byte[] bytes) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(bytes);
    out.closeEntry();
  }
}
