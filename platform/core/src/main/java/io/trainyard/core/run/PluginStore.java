package io.trainyard.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.trainyard.core.model.TaskInfo;
import io.trainyard.spi.Spi;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Copies of plugin JARs by their SHA-256, and what an inspector has read from each: {@code <sha256>.jar} and
 * {@code <sha256>.spi1.v3.json}. Only these copies are ever loaded. The thread "plugins" writes, any thread reads.
 */
final class PluginStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Grows when inspectors write more than before: what an older one wrote is then read from the JAR again. 2 has bands,
   * predictors and the metric that judges; 3 has language models.
   */
  private static final int FORMAT = 3;

  /** A class initializer that takes longer than this hangs. */
  private static final long INSPECT_SECONDS = 20;

  private static final List<String> INSPECTOR_FLAGS =
      List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final Path folder;
  private final JavaCommand java;

  PluginStore(Path folder, JavaCommand java) {
    this.folder = folder;
    this.java = java;
  }

  Path jar(String sha256) {
    return folder.resolve(sha256 + ".jar");
  }

  /** Copies and hashes in one pass, so that what was hashed is what will be loaded. */
  String add(Path file) throws IOException {
    Files.createDirectories(folder);
    Path copy = Files.createTempFile(folder, "incoming-", ".tmp");
    try {
      MessageDigest sha = sha256();
      try (InputStream in = Files.newInputStream(file);
          FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE);
          OutputStream out = Channels.newOutputStream(channel)) {
        byte[] buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          sha.update(buffer, 0, n);
          out.write(buffer, 0, n);
        }
        // Its name says what it holds for ever, also after a power loss.
        channel.force(true);
      }
      String name = HexFormat.of().formatHex(sha.digest());
      if (!Files.exists(jar(name)) || Files.size(jar(name)) != Files.size(copy)) {
        Files.move(copy, jar(name), StandardCopyOption.ATOMIC_MOVE);
      }
      return name;
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  /**
   * What the JAR offers, or {@code {"error": ...}}. A verdict is kept; "unavailable" and a time-out are asked for anew
   * each time.
   */
  JsonNode inspect(String sha256, String shownAs) throws IOException {
    Path cache = cache(sha256);
    if (Files.exists(cache)) {
      JsonNode cached = JSON.readTree(cache.toFile());
      if (keeps(cached)) {
        return cached;
      }
    }
    Path work = Files.createTempDirectory(folder, "inspect-");
    try {
      Path out = work.resolve("out.json");
      // The inspector's messages name the file, so it sees it under the name that people know.
      Path named = link(work.resolve(shownAs), jar(sha256));
      List<String> arguments = List.of(named.toString(), out.toString());
      Process process =
          new ProcessBuilder(java.main("io.trainyard.runner.InspectorMain", INSPECTOR_FLAGS, arguments))
              .redirectErrorStream(true)
              .redirectOutput(work.resolve("output.log").toFile())
              .start();
      process.getOutputStream().close();
      if (!ended(process)) {
        return error(shownAs + " did not give its specs within " + INSPECT_SECONDS
            + " s: a class initializer, a constructor or spec() hangs. Make spec() return at once.");
      }
      if (!Files.exists(out)) {
        return error(shownAs + " ended its inspector (exit " + process.exitValue() + ") before its specs were read: "
            + lastLine(work.resolve("output.log")));
      }
      JsonNode specs = JSON.readTree(out.toFile());
      Files.move(out, cache, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return specs;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while inspecting " + shownAs, e);
    } finally {
      Trees.delete(work);
    }
  }

  /** The same file under another name; a copy where the disk knows no links. */
  private static Path link(Path name, Path file) throws IOException {
    try {
      return Files.createLink(name, file);
    } catch (IOException | UnsupportedOperationException noLinks) {
      return Files.copy(file, name);
    }
  }

  /** Whether it ended by itself; it is killed when it takes too long, or when the hub is closing. */
  private static boolean ended(Process process) throws InterruptedException {
    boolean ended = false;
    try {
      ended = process.waitFor(INSPECT_SECONDS, TimeUnit.SECONDS);
    } finally {
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
    return ended;
  }

  /** The spec of a version that is no longer in any plugins folder, if its copy is still there. */
  Optional<TaskInfo> cached(String sha256, String taskId) {
    try {
      Path cache = newest(sha256);
      if (Files.exists(cache)) {
        JsonNode specs = JSON.readTree(cache.toFile());
        for (JsonNode task : specs.path("tasks")) {
          if (task.path("id").asText().equals(taskId)) {
            return Optional.of(SpecJson.task(task, sha256 + ".jar", specs.path("version").asText("unknown"), sha256));
          }
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /** One of an older format still says most. */
  private Path newest(String sha256) {
    int format = FORMAT;
    while (format > 1 && !Files.exists(cache(sha256, format))) {
      format--;
    }
    return cache(sha256, format);
  }

  private Path cache(String sha256) {
    return cache(sha256, FORMAT);
  }

  /** The first format had no number. */
  private Path cache(String sha256, int format) {
    return folder.resolve(sha256 + ".spi" + Spi.VERSION + (format == 1 ? "" : ".v" + format) + ".json");
  }

  private static boolean keeps(JsonNode cached) {
    for (JsonNode task : cached.path("tasks")) {
      if (task.path("unavailable").isTextual()) {
        return false;
      }
    }
    return true;
  }

  private static JsonNode error(String message) {
    return JsonNodeFactory.instance.objectNode().put("error", message);
  }

  private static String lastLine(Path file) throws IOException {
    List<String> lines = Files.exists(file) ? Files.readAllLines(file, StandardCharsets.ISO_8859_1) : List.of();
    return lines.isEmpty() ? "it printed nothing" : lines.get(lines.size() - 1);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
