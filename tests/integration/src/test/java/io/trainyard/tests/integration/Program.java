package io.trainyard.tests.integration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The program as it is shipped, each command in a process of its own.
 *
 * @param home what its commands get as {@code --home}
 * @param folder where they are called from
 */
record Program(Path home, Path folder) {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final int SECONDS = 90;

  /** What a command left. */
  record Result(int exit, String out, String err) {
    JsonNode json() throws IOException {
      return JSON.readTree(out);
    }

    List<String> lines() {
      return out.lines().toList();
    }
  }

  static Program at(Path home) {
    return new Program(home, home.toAbsolutePath().getParent());
  }

  Program calledFrom(Path other) {
    return new Program(home, other);
  }

  /** The folder with the runnable JAR, {@code lib} and {@code plugins}. */
  static Path dist() {
    Path dist =
        Path.of(System.getProperty("trainyard.dist", "../../platform/cli/target/dist")).toAbsolutePath().normalize();
    if (!Files.exists(dist.resolve("trainyard.jar"))) {
      throw new IllegalStateException(dist + " has no trainyard.jar: build it first with ./trainyard build");
    }
    return dist;
  }

  /** A command with {@code --home}, to its end. */
  Result run(String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--home");
    all.add(home.toString());
    return plain(all.toArray(String[]::new));
  }

  /** A command with these arguments only. */
  Result plain(String... arguments) throws IOException, InterruptedException {
    Path out = Files.createTempFile("command-", ".out");
    Path err = Files.createTempFile("command-", ".err");
    Process process =
        process(folder, List.of(arguments)).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    process.getOutputStream().close();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError(List.of(arguments) + " did not end within " + SECONDS + " s:\n" + Files.readString(err));
    }
    Result result = new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    Files.delete(out);
    Files.delete(err);
    return result;
  }

  /** As the launcher starts it. */
  static ProcessBuilder process(Path folder, List<String> arguments) {
    return process(dist().resolve("trainyard.jar"), folder, arguments);
  }

  static ProcessBuilder process(Path jar, Path folder, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    if (Runtime.version().feature() >= 24) {
      command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    }
    command.add("-jar");
    command.add(jar.toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().remove("TRAINYARD_HOME");
    return builder;
  }
}
