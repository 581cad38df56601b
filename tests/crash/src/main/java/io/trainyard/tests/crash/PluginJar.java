package io.trainyard.tests.crash;

import io.trainyard.spi.Spi;
import io.trainyard.spi.Task;
import io.trainyard.tests.crash.plugin.Known;
import io.trainyard.tests.crash.plugin.KnownTask;
import io.trainyard.tests.crash.plugin.Truth;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Packs {@link KnownTask} as its author would: a manifest, a services file, its classes. */
final class PluginJar {
  private PluginJar() {}

  static void write(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, "1");
    manifest.getMainAttributes().putValue(Spi.MANIFEST_ATTRIBUTE, Integer.toString(Spi.VERSION));
    Files.createDirectories(jar.getParent());
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      entry(out, "META-INF/services/" + Task.class.getName(), KnownTask.class.getName().getBytes(StandardCharsets.UTF_8));
      for (Class<?> type : new Class<?>[] {KnownTask.class, Known.class, Truth.class}) {
        add(out, type.getName());
      }
      // The compiler's table for the switch over an enum, where it makes one.
      add(out, Known.class.getName() + "$1");
    }
  }

  private static void add(JarOutputStream out, String type) throws IOException {
    String name = type.replace('.', '/') + ".class";
    try (InputStream in = PluginJar.class.getClassLoader().getResourceAsStream(name)) {
      if (in != null) {
        entry(out, name, in.readAllBytes());
      }
    }
  }

  private static void entry(JarOutputStream out, String name, byte[] bytes) throws IOException {
    JarEntry entry = new JarEntry(name);
    entry.setTime(0);
    out.putNextEntry(entry);
    out.write(bytes);
    out.closeEntry();
  }
}
