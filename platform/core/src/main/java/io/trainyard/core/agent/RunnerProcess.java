package io.trainyard.core.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trainyard.client.OutputLog;
import io.trainyard.client.Pids;
import io.trainyard.core.run.Trees;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of a runner: one that this hub started, or one that an earlier hub did and that is named by its pid and
 * start time. Used by the agent's thread.
 *
 * <p>A runner lives in a session of its own, so neither Ctrl-C nor the end of a terminal reaches it, and its output
 * goes to a file, so it does not die of a broken pipe when the hub is gone. Its standard input is a pipe: the end of it
 * tells a runner without an assignment to leave.
 */
final class RunnerProcess {
  private static final String IDENTITY = "runner.json";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Logger log = LoggerFactory.getLogger(RunnerProcess.class);
  private static final int LAST_CHARS = 500;
  private static final boolean SETSID = Files.isExecutable(Path.of("/usr/bin/setsid"));

  private final long pid;
  private final long start;
  private final @Nullable Process child;
  private final @Nullable Path waitingRoom;

  private RunnerProcess(long pid, long start, @Nullable Process child, @Nullable Path waitingRoom) {
    this.pid = pid;
    this.start = start;
    this.child = child;
    this.waitingRoom = waitingRoom;
  }

  /** Starts a runner that loads TensorFlow and waits for its assignment. */
  static RunnerProcess start(AgentOptions options, Path runners) throws IOException {
    Path room = Files.createDirectories(runners.resolve(UUID.randomUUID().toString()));
    List<String> command = new ArrayList<>();
    if (SETSID) {
      command.add("/usr/bin/setsid");
    }
    command.addAll(options.java().main("io.trainyard.runner.RunnerMain", options.jvmFlags(), List.of()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(room.resolve(OutputLog.FILE).toFile()));
    // Must be in the environment before the JVM starts. 1: TensorFlow's warnings and errors, not its greetings.
    builder.environment().putIfAbsent("TF_CPP_MIN_LOG_LEVEL", "1");
    // Else the warm runner would take nearly all memory of a GPU, and leave none for the run beside it.
    builder.environment().putIfAbsent("TF_FORCE_GPU_ALLOW_GROWTH", "true");
    Process process = builder.start();
    return new RunnerProcess(process.pid(), Pids.startOf(process.pid()), process, room);
  }

  /**
   * The runner that an earlier hub gave this attempt to; empty when it had not come to that, or when a power loss took
   * the file that names it, and with that the process.
   */
  static Optional<RunnerProcess> adopt(Path spool) {
    Path file = spool.resolve(IDENTITY);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode identity = JSON.readTree(file.toFile());
      if (identity.path("pid").isNumber() && identity.path("start").isNumber()) {
        long pid = identity.path("pid").asLong();
        return Optional.of(new RunnerProcess(pid, identity.path("start").asLong(), null, null));
      }
      log.warn("{} names no process", file);
    } catch (IOException e) {
      log.warn("{} cannot be read: {}", file, e.toString());
    }
    return Optional.empty();
  }

  long pid() {
    return pid;
  }

  boolean alive() {
    return child != null ? child.isAlive() : Pids.alive(pid, start);
  }

  /**
   * Makes the spool of this runner: its identity, where a later hub will look, and its output. A hub that dies between
   * this and {@link #assign} leaves a runner that ends by itself and an attempt that is seen to have failed.
   */
  void prepare(Path spool) throws IOException {
    if (waitingRoom == null) {
      throw new IllegalStateException("runner " + pid + " has its work");
    }
    Files.createDirectories(spool);
    Path identity = spool.resolve(IDENTITY + ".tmp");
    JSON.writeValue(identity.toFile(), Map.of("pid", pid, "start", start));
    Files.move(identity, spool.resolve(IDENTITY), StandardCopyOption.ATOMIC_MOVE);
    Files.move(waitingRoom.resolve(OutputLog.FILE), spool.resolve(OutputLog.FILE), StandardCopyOption.ATOMIC_MOVE);
    Trees.delete(waitingRoom);
  }

  /** Gives the runner its work, in the spool that was prepared. */
  void assign(Map<String, Object> assignment) throws IOException {
    if (child == null) {
      throw new IllegalStateException("runner " + pid + " has its work");
    }
    try (OutputStream in = child.getOutputStream()) {
      in.write((JSON.writeValueAsString(assignment) + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Tells a runner without an assignment to leave, and forgets where it waited. */
  void dismiss() {
    if (child == null || waitingRoom == null) {
      return;
    }
    try {
      child.getOutputStream().close();
      if (!child.waitFor(2, TimeUnit.SECONDS)) {
        child.destroyForcibly();
      }
      Trees.delete(waitingRoom);
    } catch (IOException e) {
      child.destroyForcibly();
    } catch (InterruptedException e) {
      child.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** The end of what it printed while it waited for an assignment. */
  String lastWords() {
    try {
      String text = waitingRoom == null ? "" : Files.readString(waitingRoom.resolve(OutputLog.FILE)).strip();
      return text.substring(Math.max(0, text.length() - LAST_CHARS));
    } catch (IOException e) {
      return "";
    }
  }

  /** Ends it and whatever it has started. */
  void kill() {
    Optional<ProcessHandle> handle = child != null ? Optional.of(child.toHandle()) : ProcessHandle.of(pid);
    if (handle.isPresent() && alive()) {
      List<ProcessHandle> below = handle.get().descendants().toList();
      handle.get().destroyForcibly();
      below.forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** The exit status, if it has ended and this hub is its parent; 128 + n for signal n. */
  OptionalInt exit() {
    return child != null && !child.isAlive() ? OptionalInt.of(child.exitValue()) : OptionalInt.empty();
  }
}
