package io.trainyard.runner;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trainyard.spi.Spi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The process that reads what a JAR offers: {@code InspectorMain plugin.jar out.json [data folder]}. Its main thread
 * runs the plugin's constructors and {@code spec()}; what they break is this process.
 *
 * <p>It writes {@code {"spi", "version", "tasks": [...]}} or {@code {"error": "..."}}, the whole file at once, and
 * exits with 0 in both cases.
 */
public final class InspectorMain {
  private InspectorMain() {}

  public static void main(String[] args) throws IOException {
    if (args.length < 2) {
      throw new IllegalArgumentException("InspectorMain plugin.jar out.json [data folder]");
    }
    SimpleLogging.configure();
    Path jar = Path.of(args[0]);
    Path out = Path.of(args[1]);
    Optional<Path> data = args.length > 2 ? Optional.of(Path.of(args[2])) : Optional.empty();
    AtomicBoolean written = new AtomicBoolean();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> exited(jar, out, written), "last-words"));

    ObjectNode found;
    try {
      found = inspect(jar, data);
    } catch (PluginException e) {
      found = error(String.valueOf(e.getMessage()));
    } catch (Throwable e) {
      // Errors of a constructor: the verdict on this JAR is that it is broken, and the process ends next.
      found = error(jar.getFileName() + " breaks when its tasks are read: " + Reasons.of(e) + ". Mend it and rebuild.");
    }
    write(found, out);
    written.set(true);
    Exit.now(0);
  }

  private static ObjectNode inspect(Path jar, Optional<Path> data) throws PluginException {
    Plugin plugin = Plugin.open(jar);
    Thread.currentThread().setContextClassLoader(plugin.loader());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("spi", Spi.VERSION).put("version", plugin.version());
    ArrayNode tasks = json.putArray("tasks");
    for (Plugin.Loaded loaded : plugin.tasks()) {
      String unavailable;
      try {
        unavailable = loaded.task().unavailable(data).orElse(null);
      } catch (RuntimeException | LinkageError e) {
        unavailable = "it cannot say whether it can be launched: " + Reasons.of(e);
      }
      tasks.add(SpecWriter.task(loaded.task(), loaded.spec(), unavailable));
    }
    return json;
  }

  private static ObjectNode error(String message) {
    return JsonNodeFactory.instance.objectNode().put("error", message);
  }

  private static void write(ObjectNode json, Path out) throws IOException {
    Path temporary = out.resolveSibling(out.getFileName() + ".tmp");
    Json.MAPPER.writeValue(temporary.toFile(), json);
    Files.move(temporary, out, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void exited(Path jar, Path out, AtomicBoolean written) {
    if (!written.get()) {
      try {
        write(error(jar.getFileName() + " calls System.exit when its tasks are read. Take that out and rebuild."), out);
      } catch (IOException e) {
        // The hub sees that there is no answer.
        return;
      }
      Runtime.getRuntime().halt(0);
    }
  }
}
