package io.trainyard.tests.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, and the time until it answers. One thread. */
final class Program implements AutoCloseable {
  private final Process process;
  private final Path output;
  final int port;
  final double readyMillis;

  private Program(Process process, Path output, int port, double readyMillis) {
    this.process = process;
    this.output = output;
    this.port = port;
    this.readyMillis = readyMillis;
  }

  static Path dist() {
    return Path.of(System.getProperty("trainyard.dist"));
  }

  /** A JVM with the flags of the launcher. */
  static List<String> java(String... more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC"));
    if (Runtime.version().feature() >= 24) {
      command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    }
    command.addAll(List.of(more));
    return command;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Starts it and asks every 2 ms until {@code /readyz} answers 200. */
  static Program start(List<String> command, int port, Path output) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    long start = System.nanoTime();
    Process process = builder.start();
    while (!answers(port)) {
      if (!process.isAlive() || System.nanoTime() - start > 120_000_000_000L) {
        process.destroyForcibly();
        throw new IOException("not ready: " + String.join(" ", command) + "\n" + Files.readString(output));
      }
      Thread.sleep(2);
    }
    return new Program(process, output, port, (System.nanoTime() - start) / 1e6);
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
      socket.setSoTimeout(2000);
      socket
          .getOutputStream()
          .write(
              ("GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return new String(in.readNBytes(12), StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Resident memory in MiB, from the kernel. */
  double residentMiB() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IOException("the kernel does not say how much memory " + process.pid() + " has");
  }

  /** The process below it that runs this main class, if there is one. */
  Optional<ProcessHandle> below(String mainClass) {
    return process.descendants().filter(it -> arguments(it).contains(mainClass)).findFirst();
  }

  private static List<String> arguments(ProcessHandle process) {
    return process.info().arguments().map(List::of).orElse(List.of());
  }

  String printed() throws IOException {
    return Files.readString(output);
  }

  /** As Ctrl-C ends it. */
  @Override
  public void close() throws Exception {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
