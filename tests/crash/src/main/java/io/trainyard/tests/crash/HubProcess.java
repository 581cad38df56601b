package io.trainyard.tests.crash;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A hub in a process of its own, started as people start it. Used by one thread. */
final class HubProcess {
  private static final Duration START = Duration.ofSeconds(60);

  private final Process process;
  private final Path home;
  private final Path output;
  private final long started = System.nanoTime();

  private HubProcess(Process process, Path home, Path output) {
    this.process = process;
    this.home = home;
    this.output = output;
  }

  /**
   * How to start one.
   *
   * @param home as the hub sees it
   * @param seen the same folder as this process sees it: another path when the hub is in a namespace of its own
   * @param output where what it prints is appended
   * @param properties {@code -D} of the hub, without the {@code -D}
   * @param before what is put before {@code java}: a way into a namespace, say
   */
  record Start(
      Dist dist, Path home, Path seen, Path output, int slots, List<String> properties, List<String> before, Processes mark) {
    List<String> command(String... arguments) {
      List<String> command = new ArrayList<>(before);
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      // The start counts here, and the speed after it does not: no second compiler, which on two cores would be in everybody's way.
      command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
      properties.forEach(property -> command.add("-D" + property));
      command.addAll(List.of("-jar", dist.jar().toString()));
      command.addAll(List.of(arguments));
      command.addAll(List.of("--home", home.toString()));
      return command;
    }

    /** Starts the hub, and does not wait for it. */
    HubProcess begin() {
      try {
        Files.deleteIfExists(seen.resolve("hub.json"));
        ProcessBuilder builder =
            new ProcessBuilder(command("up", "--port", "0", "--slots", Integer.toString(slots)))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().put(Processes.VARIABLE, mark.mark());
        return new HubProcess(builder.start(), seen, output);
      } catch (IOException e) {
        throw new UncheckedIOException("no hub can be started", e);
      }
    }

    /** Any other command of the program, run to its end. */
    Ended run(String... arguments) {
      try {
        Path printed = output.resolveSibling("command.out");
        ProcessBuilder builder =
            new ProcessBuilder(command(arguments)).redirectErrorStream(true).redirectOutput(printed.toFile());
        builder.environment().put(Processes.VARIABLE, mark.mark());
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
          throw new AssertionError("the command " + List.of(arguments) + " does not end: " + Files.readString(printed));
        }
        return new Ended(process.exitValue(), Files.readString(printed));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
  }

  /** How a command ended. */
  record Ended(int status, String output) {}

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Nanoseconds since its start. */
  long age() {
    return System.nanoTime() - started;
  }

  /** Waits until it is ready; fails with what it printed when it ends instead. */
  Api ready() {
    Await.until(() -> "the hub is ready; it has printed:\n" + printed(), START, () -> !process.isAlive() || at(home) != null);
    if (!process.isAlive()) {
      throw new AssertionError("the hub ended with status " + process.exitValue() + " instead of being ready:\n" + printed());
    }
    Api api = at(home);
    Await.until(() -> "the hub says that it is ready:\n" + printed(), START, () -> api.ask("/readyz").status() == 200);
    return api;
  }

  /** The API of the hub that is up in this home, null when none has said so. */
  static @org.jspecify.annotations.Nullable Api at(Path home) {
    try {
      Path file = home.resolve("hub.json");
      if (!Files.exists(file)) {
        return null;
      }
      JsonNode hub = Api.JSON.readTree(file.toFile());
      return hub.hasNonNull("url") ? new Api(URI.create(hub.get("url").asText()), Files.readString(home.resolve("token")).strip()) : null;
    } catch (IOException beingWritten) {
      return null;
    }
  }

  /** kill -9, and waits until the process has gone. */
  void kill9() {
    process.destroyForcibly();
    exit(Duration.ofSeconds(20));
  }

  /** SIGTERM, as Ctrl-C does; answers the exit status. */
  int terminate(Duration patience) {
    process.destroy();
    return exit(patience);
  }

  int exit(Duration patience) {
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("the hub has not ended within " + patience.toSeconds() + " s:\n" + printed());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** The last of what it has printed. */
  String printed() {
    try {
      String all = Files.exists(output) ? Files.readString(output) : "";
      return all.substring(Math.max(0, all.length() - 6000));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
