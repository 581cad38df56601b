package io.trainyard.tests.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A training in PyTorch, in a JVM of its own that prints one line; one thread. */
final class PeerProgram {
  private static final Pattern SAID =
      Pattern.compile("steps_per_second=(\\S+) loss=(\\S+) norm=(\\S+) threads=(\\d+)");

  private PeerProgram() {}

  /** Trains to the end. */
  static Rate train(String mainClass, int threads, List<String> arguments) throws IOException, InterruptedException {
    Path peers = Path.of(System.getProperty("trainyard.peers"));
    List<String> command =
        new ArrayList<>(
            Program.java(
                "-Xmx1g",
                "-Doffline=true",
                "-DDJL_CACHE_DIR=" + peers.resolve("djl"),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                peers.resolve("classes") + ":" + peers.resolve("lib") + "/*",
                "io.trainyard.tests.peers." + mainClass));
    command.addAll(arguments);
    Path output = Files.createTempFile(peers, "peer", ".out");
    try {
      int status =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start().waitFor();
      String said = Files.readString(output, StandardCharsets.UTF_8);
      Matcher line = SAID.matcher(said);
      if (status != 0 || !line.find() || Integer.parseInt(line.group(4)) != threads) {
        throw new IOException("PyTorch ended with status " + status + ":\n" + said);
      }
      return new Rate(Double.parseDouble(line.group(1)), Double.parseDouble(line.group(2)));
    } finally {
      Files.delete(output);
    }
  }

  /**
   * What a training came to, ours or PyTorch's.
   *
   * @param loss the mean over its last epoch
   */
  record Rate(double stepsPerSecond, double loss) {
    /** Refuses what is not the same training: seeds differ, so the losses are about the same. */
    static void sameLosses(String title, Rate ours, Rate... theirs) {
      for (Rate one : theirs) {
        // A comparison that NaN fails.
        if (!(Math.abs(ours.loss / one.loss - 1) <= 0.05)) {
          throw new AssertionError(
              title + ": the losses differ (" + ours.loss + ", PyTorch's " + one.loss
                  + "), so it is not the same training");
        }
      }
    }
  }
}
