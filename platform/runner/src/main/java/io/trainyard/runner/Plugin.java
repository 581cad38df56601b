package io.trainyard.runner;

import io.trainyard.spi.Spi;
import io.trainyard.spi.Task;
import io.trainyard.spi.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * A plugin's JAR, opened: its manifest was read before any class of it was loaded. Used by one thread, before the
 * training.
 *
 * <p>Every way in which a JAR can be broken ends in a {@link PluginException} whose message a person can act on.
 */
final class Plugin {
  private final String name;
  private final String version;
  private final PluginLoader loader;

  private Plugin(String name, String version, PluginLoader loader) {
    this.name = name;
    this.version = version;
    this.loader = loader;
  }

  /** Opens the very JAR that a run is pinned to. */
  static Plugin pinned(Path jar, String sha256) throws PluginException, IOException {
    if (!Files.isRegularFile(jar)) {
      throw new PluginException("The plugin's copy " + jar + " is not there. Put its JAR into plugins/ again.");
    }
    String found = Digests.sha256(jar);
    if (!found.equalsIgnoreCase(sha256)) {
      throw new PluginException(
          jar + " has the SHA-256 " + found + ", but the run is pinned to " + sha256
              + ". The copy was changed: delete it, and put the JAR into plugins/ again.");
    }
    return open(jar);
  }

  /** Checks the JAR's manifest, and nothing else. */
  static Plugin open(Path jar) throws PluginException {
    String name = String.valueOf(jar.getFileName());
    if (!Files.isRegularFile(jar)) {
      throw new PluginException(jar + " is not there.");
    }
    Attributes manifest;
    // No verification of signatures: what is loaded is pinned by its SHA-256.
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      Manifest read = file.getManifest();
      manifest = read == null ? new Attributes() : read.getMainAttributes();
      checkSpi(name, manifest.getValue(Spi.MANIFEST_ATTRIBUTE));
      if (file.getEntry("META-INF/services/" + Task.class.getName()) == null) {
        throw new PluginException(
            name + " offers no task: it has no META-INF/services/" + Task.class.getName()
                + ". Add that file, with the class name of each task on a line.");
      }
    } catch (IOException e) {
      throw new PluginException(
          name + " is not a JAR (" + e.getMessage() + "). Copy it again: it may have been cut short on its way.", e);
    }
    String version = manifest.getValue(Attributes.Name.IMPLEMENTATION_VERSION);
    try {
      return new Plugin(name, version == null ? "unknown" : version, new PluginLoader(jar));
    } catch (IOException e) {
      throw new PluginException(name + " cannot be opened: " + e.getMessage(), e);
    }
  }

  private static void checkSpi(String name, @Nullable String built) throws PluginException {
    if (built == null) {
      throw new PluginException(
          name + " does not say for which SPI it is built. Add the manifest entry \"" + Spi.MANIFEST_ATTRIBUTE + ": "
              + Spi.VERSION + "\".");
    }
    if (!built.strip().equals(Integer.toString(Spi.VERSION))) {
      throw new PluginException(
          name + " is built for SPI " + built.strip() + "; this hub offers SPI " + Spi.VERSION
              + ". Rebuild it with trainyard-spi " + Spi.VERSION + ".x.");
    }
  }

  /** From the manifest's {@code Implementation-Version}, "unknown" without. */
  String version() {
    return version;
  }

  ClassLoader loader() {
    return loader;
  }

  /** A new instance of every task, with its spec. */
  List<Loaded> tasks() throws PluginException {
    List<Loaded> tasks = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    try {
      for (ServiceLoader.Provider<Task> provider : ServiceLoader.load(Task.class, loader).stream().toList()) {
        Task task = provider.get();
        Loaded loaded = new Loaded(task, spec(task));
        if (!ids.add(loaded.spec.id())) {
          throw new PluginException(
              name + " offers two tasks with the id \"" + loaded.spec.id() + "\". Give one of them another id.");
        }
        tasks.add(loaded);
      }
    } catch (ServiceConfigurationError | LinkageError e) {
      throw new PluginException(name + " " + explain(e), e);
    }
    if (tasks.isEmpty()) {
      throw new PluginException(
          name + " offers no task: its META-INF/services/" + Task.class.getName() + " names no class.");
    }
    return tasks;
  }

  /** A new instance of one task. */
  Loaded task(String id) throws PluginException {
    List<Loaded> all = tasks();
    for (Loaded loaded : all) {
      if (loaded.spec.id().equals(id)) {
        return loaded;
      }
    }
    throw new PluginException(
        name + " has no task \"" + id + "\", only "
            + String.join(", ", all.stream().map(it -> it.spec.id()).toList()) + ".");
  }

  private TaskSpec spec(Task task) throws PluginException {
    try {
      TaskSpec spec = task.spec();
      if (spec == null) {
        throw new PluginException(name + ": spec() of " + task.getClass().getName() + " answers null.");
      }
      return spec;
    } catch (RuntimeException e) {
      throw new PluginException(
          name + ": spec() of " + task.getClass().getName() + " fails: " + Reasons.of(e) + ". Mend it and rebuild.", e);
    }
  }

  /** The cause that a person can do something about, as the rest of a sentence. */
  private static String explain(Throwable error) {
    for (Throwable it = error; it != null; it = it.getCause()) {
      if (it instanceof UnsupportedClassVersionError) {
        return "is compiled for a newer Java than this one (" + Runtime.version().feature()
            + "). Compile it with --release 17, or start Trainyard with a newer Java. (" + it.getMessage() + ")";
      }
      if (it instanceof NoClassDefFoundError && it.getCause() == null || it instanceof ClassNotFoundException) {
        return "needs the class " + String.valueOf(it.getMessage()).replace('/', '.')
            + ", which is neither in it nor offered by the runner. Shade what it needs into the JAR.";
      }
      if (it instanceof ExceptionInInitializerError && it.getCause() != null) {
        return "cannot be initialized: " + Reasons.of(it.getCause()) + ". Mend its static initializer and rebuild.";
      }
      if (it instanceof IncompatibleClassChangeError) {
        return "does not fit this SPI: " + it.getMessage() + ". Rebuild it with trainyard-spi " + Spi.VERSION + ".x.";
      }
    }
    Throwable cause = error.getCause();
    return cause == null
        ? "does not name its tasks rightly: " + error.getMessage()
        : "cannot make an instance of its task: " + Reasons.of(cause) + ". Mend its constructor and rebuild.";
  }

  /** A task with the spec that it gave. */
  record Loaded(Task task, TaskSpec spec) {}
}
