package io.trainyard.runner;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/**
 * The class loader of one plugin, after Trino's rule: it hangs off the platform class loader, so a plugin sees the JDK
 * and itself, and from the runner a few packages by name. Any thread may load.
 *
 * <p>Only one copy of TensorFlow may live in a process: its native library and its registry of Java gradients are per
 * process. What TensorFlow's API mentions (protobuf, JavaCPP) has to be the same classes for both sides. Everything
 * else is the plugin's own business: a plugin's Jackson never meets the runner's. {@code org.tensorflow.framework} is a
 * library on top of TensorFlow that the runner does not have.
 */
final class PluginLoader extends URLClassLoader {
  private static final String[] SHARED = {
    "io.trainyard.spi.", "org.tensorflow.", "org.bytedeco.", "com.google.protobuf.", "org.slf4j."
  };
  private static final String NOT_SHARED = "org.tensorflow.framework.";

  private final ClassLoader runner;

  PluginLoader(Path jar) throws IOException {
    super("plugin", new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
    this.runner = PluginLoader.class.getClassLoader();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    return shared(name) ? runner.loadClass(name) : super.loadClass(name, resolve);
  }

  private static boolean shared(String name) {
    if (name.startsWith(NOT_SHARED)) {
      return false;
    }
    for (String prefix : SHARED) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
