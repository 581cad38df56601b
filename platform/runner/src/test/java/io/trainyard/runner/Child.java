package io.trainyard.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trainyard.client.SpoolReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A runner or an inspector as a process, started as the agent does; one thread. */
final class Child implements AutoCloseable {
  final Process process;
  final Path dir;

  private Child(Process process, Path dir) {
    this.process = process;
    this.dir = dir;
  }

  /** A runner that has no assignment yet. */
  static Child runner(Path dir, boolean tensorFlow) throws IOException {
    return start(RunnerMain.class, dir, classPath(tensorFlow), List.of());
  }

  /** A runner with TensorFlow, and something in front of it. */
  static Child runner(Path dir, Path first) throws IOException {
    return start(RunnerMain.class, dir, first + File.pathSeparator + classPath(true), List.of());
  }

  /** What an inspector writes about a JAR. */
  static String inspect(Path jar) throws Exception {
    Path out = jar.resolveSibling(jar.getFileName() + ".json");
    try (Child child = start(InspectorMain.class, jar.getParent(), classPath(false), List.of(jar.toString(), out.toString()))) {
      if (child.await() != 0) {
        throw new AssertionError("exit " + child.process.exitValue() + ": " + child.output());
      }
    }
    return Files.readString(out);
  }

  private static Child start(Class<?> main, Path dir, String classPath, List<String> args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classPath));
    if (Runtime.version().feature() >= 24) {
      command.addAll(1, List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    }
    command.add(main.getName());
    command.addAll(args);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("output.log").toFile()));
    builder.environment().put("TF_CPP_MIN_LOG_LEVEL", "1");
    return new Child(builder.start(), dir);
  }

  private static String classPath(boolean tensorFlow) {
    String[] all = System.getProperty("java.class.path").split(File.pathSeparator);
    return String.join(
        File.pathSeparator,
        Arrays.stream(all).filter(it -> tensorFlow || !it.matches(".*/(org/tensorflow|org/bytedeco)/.*")).toList());
  }

  /** Gives it its assignment; after that its input is at its end, as after the death of the hub. */
  Child assign(Path jar, Map<String, ?> params) throws Exception {
    return assign(jar, params, Map.of());
  }

  Child assign(Path jar, Map<String, ?> params, Map<String, ?> other) throws Exception {
    byte[] sha = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));
    Map<String, @Nullable Object> assignment = new LinkedHashMap<>();
    assignment.put("run", "0123456789abcdef0123456789abcdef");
    assignment.put("attempt", 1);
    assignment.put("fence", 1);
    assignment.put("directory", dir.toString());
    assignment.put("plugin", jar.toString());
    assignment.put("plugin_sha256", HexFormat.of().formatHex(sha));
    assignment.put("task", "t");
    assignment.put("params", params);
    assignment.put("seed", 42);
    assignment.put("device", "auto");
    assignment.put("data", null);
    assignment.put("spool_limit_bytes", 1 << 30);
    assignment.putAll(other);
    return say(new ObjectMapper().writeValueAsString(assignment) + "\n");
  }

  Child say(String text) throws IOException {
    try (OutputStream in = process.getOutputStream()) {
      in.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IOException("it ended before its assignment: " + process.info() + "\n" + output(), e);
    }
    return this;
  }

  int await() throws Exception {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end: " + output());
    }
    return process.exitValue();
  }

  String output() throws IOException {
    return Files.readString(dir.resolve("output.log"));
  }

  /** Waits for its end, and reads its spool. */
  Spooled spooled() throws Exception {
    await();
    Spooled read = new Spooled();
    try (SpoolReader reader = SpoolReader.open(dir, 0)) {
      long before;
      do {
        before = reader.position();
        reader.poll(read, Integer.MAX_VALUE);
      } while (reader.position() != before);
      return read;
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** All that a spool holds. */
  static final class Spooled implements SpoolReader.Visitor {
    final Map<String, List<String>> series = new TreeMap<>();
    final Map<String, String> provenance = new TreeMap<>();
    final List<String> exhibits = new ArrayList<>();
    final List<JsonNode> kept = new ArrayList<>();
    String end = "none";

    @Override
    public void point(String name, long step, long ms, double value) {
      series.computeIfAbsent(name, it -> new ArrayList<>()).add(step + ":" + value);
    }

    @Override
    public void block(String name, long firstStep, long ms, float[] values, int count) {
      for (int i = 0; i < count; i++) {
        point(name, firstStep + i, ms, values[i]);
      }
    }

    @Override
    public void provenance(String key, String value) {
      provenance.put(key, value);
    }

    @Override
    public void exhibit(long position, String name, long step, long ms, byte[] json) {
      exhibits.add(name + " " + step + " " + new String(json, StandardCharsets.UTF_8));
    }

    @Override
    public void keep(long position, long ms, byte[] json) {
      try {
        kept.add(Json.MAPPER.readTree(json));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void end(String state, String reason, long ms) {
      end = (state + " " + reason).strip();
    }

    @Override
    public void damaged(long position, String what) {
      throw new AssertionError(what);
    }
  }
}
