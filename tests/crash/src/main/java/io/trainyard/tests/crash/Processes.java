package io.trainyard.tests.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Knows every process that comes of one test, also those that outlive their parents: all of them inherit a mark in the environment. Any thread.
 */
final class Processes {
  static final String VARIABLE = "TRAINYARD_CRASH_TEST";

  private final String mark = UUID.randomUUID().toString();

  /** The value of {@link #VARIABLE} for the children of this test. */
  String mark() {
    return mark;
  }

  /** Those that are there now. Without {@code /proc}: the descendants of this process. */
  List<ProcessHandle> alive() {
    List<ProcessHandle> found = new ArrayList<>();
    if (!Files.isDirectory(Path.of("/proc/self"))) {
      return ProcessHandle.current().descendants().toList();
    }
    String entry = VARIABLE + "=" + mark;
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      all.filter(dir -> dir.getFileName().toString().matches("\\d+")).filter(dir -> has(dir, entry)).forEach(
          dir -> ProcessHandle.of(Long.parseLong(dir.getFileName().toString())).ifPresent(found::add));
    } catch (IOException e) {
      throw new IllegalStateException("/proc cannot be listed", e);
    }
    return found;
  }

  /** Waits until all have left by themselves. */
  void awaitNone(Duration patience) {
    Await.until(() -> "no process of this test is left, but there are " + describe(), patience, () -> alive().isEmpty());
  }

  /** Kills what is left; for the end of a test that has failed, too. */
  void killAll() {
    Await.within(
        Duration.ofSeconds(10),
        () -> {
          List<ProcessHandle> left = alive();
          left.forEach(ProcessHandle::destroyForcibly);
          return left.isEmpty();
        });
  }

  /** What a process calls itself; empty when it has gone. */
  static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1).replace('\0', ' ');
    } catch (IOException gone) {
      return "";
    }
  }

  static void kill9(long pid) {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    process.ifPresent(ProcessHandle::destroyForcibly);
  }

  private String describe() {
    List<String> lines = new ArrayList<>();
    for (ProcessHandle process : alive()) {
      lines.add(process.pid() + " " + commandLine(process.pid()));
    }
    return lines.toString();
  }

  /** A process that has ended and is not yet reaped has an empty environment, so it does not count. */
  private static boolean has(Path process, String entry) {
    try {
      String environment = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
      return (environment + "\0").contains(entry + "\0");
    } catch (IOException goneOrForeign) {
      return false;
    }
  }
}
