package io.trainyard.runner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trainyard.client.SpoolWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that a run keeps, on their way: each is whole in the spool's folder {@code files} before its record says
 * so, and the agent takes it from there. Any thread may keep an artifact; the thread that trains keeps checkpoints.
 *
 * <p>Where the agent is away, only the newest two checkpoints of each role wait for it: a training of a day without a
 * hub would fill the disk otherwise. Two, because the agent may be about to take the one that is the newest now.
 */
final class KeptFiles {
  private static final Logger log = LoggerFactory.getLogger(KeptFiles.class);

  /** No name starts with a dot, so none leads out of the run's folder. */
  private static final Pattern PATH = Pattern.compile("(?!\\.)[\\w\\-.]+(/(?!\\.)[\\w\\-.]+)*");

  private static final int WAITING = 2;

  /** What a checkpoint is the newest of. */
  enum Role {
    LAST("last"),
    BEST("best");

    final String word;

    Role(String word) {
      this.word = word;
    }
  }

  /** Writes a file that does not exist yet. */
  interface Writer {
    void write(Path file) throws IOException;
  }

  private final Path folder;
  private final SpoolWriter spool;
  private final AtomicInteger count = new AtomicInteger();
  private final Map<Role, List<Path>> waiting = new EnumMap<>(Role.class);

  KeptFiles(Path directory, SpoolWriter spool) {
    this.folder = directory.resolve("files");
    this.spool = spool;
    for (Role role : Role.values()) {
      waiting.put(role, new ArrayList<>());
    }
  }

  /**
   * Keeps a copy of a file. A disk that fails costs the file, not the training: it is counted, and the log says so.
   *
   * @throws IllegalArgumentException if the path breaks the rules, or there is no such file
   */
  void keep(String path, Path source, long step) {
    if (path.length() > 250 || !PATH.matcher(path).matches() || path.startsWith("checkpoints/")) {
      throw new IllegalArgumentException(
          "an artifact's path \"" + path + "\" must be names of letters, digits and _ - . with / between them, none"
              + " with a dot first, at most 250 characters, and not in checkpoints/, which is the platform's");
    }
    if (!Files.isRegularFile(source)) {
      throw new IllegalArgumentException(path + ": " + source + " is not a file that could be kept");
    }
    try {
      Path file = whole(temporary -> Files.copy(source, temporary));
      if (!spool.keep(System.currentTimeMillis(), bytes(described(path, file).put("step", step)))) {
        log.warn("{} is not kept: the spool is full", path);
        Files.deleteIfExists(file);
      }
    } catch (IOException | RuntimeException e) {
      log.warn("{} is not kept: {}", path, Reasons.of(e));
      spool.lose();
    }
  }

  /** Writes a checkpoint, and keeps it in all of these roles. */
  void checkpoint(Writer writer, Set<Role> roles, Position at) throws IOException {
    Path written = whole(writer);
    ObjectNode json = described("", written);
    json.put("step", at.step()).put("epoch", at.epoch()).put("epoch_done", at.done());
    // The agent takes away the file of each record as it comes, so each has its own before the first one comes.
    Map<Role, Path> files = new EnumMap<>(Role.class);
    for (Role role : roles) {
      files.put(role, files.isEmpty() ? written : again(written));
    }
    for (Map.Entry<Role, Path> it : files.entrySet()) {
      Role role = it.getKey();
      Path file = it.getValue();
      json.put("path", "checkpoints/" + role.word + ".npz").put("role", role.word);
      json.put("file", file.getFileName().toString());
      if (!spool.keep(System.currentTimeMillis(), bytes(json))) {
        Files.deleteIfExists(file);
        throw new IOException("the spool is full");
      }
      List<Path> before = waiting.get(role);
      before.removeIf(Files::notExists);
      before.add(file);
      while (before.size() > WAITING) {
        Files.deleteIfExists(before.remove(0));
      }
    }
  }

  /** A file under its last name, or none at all. */
  private Path whole(Writer writer) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve(String.format("%08d", count.incrementAndGet()));
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      writer.write(temporary);
      return Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Another name of the same bytes, or a copy where the file system has one name for each. */
  private Path again(Path file) throws IOException {
    try {
      return Files.createLink(folder.resolve(String.format("%08d", count.incrementAndGet())), file);
    } catch (UnsupportedOperationException | IOException noLinks) {
      return whole(temporary -> Files.copy(file, temporary));
    }
  }

  private static ObjectNode described(String path, Path file) throws IOException {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("path", path).put("file", file.getFileName().toString());
    return json.put("size", Files.size(file)).put("sha256", Digests.sha256(file));
  }

  private static byte[] bytes(ObjectNode json) throws IOException {
    return Json.MAPPER.writeValueAsBytes(json);
  }
}
