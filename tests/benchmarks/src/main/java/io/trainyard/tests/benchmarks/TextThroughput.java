package io.trainyard.tests.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How fast {@code text-preprocessing} reads a text that is larger than its memory: 2 GB under a heap of 256 MB. One
 * thread.
 *
 * <p>The text is made of 500,000 words, the one of rank r with a probability of some 1/r, drawn one by one. So nearly
 * every triple is a new one: no text of a language has more that are distinct.
 */
final class TextThroughput {
  private static final long BYTES = 2_000_000_000;
  private static final int WORDS = 500_000;
  /** Each is some minutes. */
  private static final int MOST_TRIES = 3;

  private static final String HEAP = "-Xmx256m";

  private TextThroughput() {}

  static void run(Main.Options options) throws Exception {
    try (Scratch scratch = new Scratch("text")) {
      Path text = scratch.path().resolve("text.txt");
      write(text);
      Figures.head("unit", "bytes", "tokens", "distinct", "seconds", "tokens/s, median", "tries", "heap used at most");
      for (String unit : List.of("word", "char")) {
        List<JsonNode> tries = new ArrayList<>();
        for (int i = 0; i < Math.min(MOST_TRIES, options.repeat()); i++) {
          tries.add(read(text, unit, scratch.path().resolve("output")));
        }
        double[] rates = tries.stream().mapToDouble(it -> it.get("tokens").asDouble() / seconds(it)).toArray();
        List<String> shown = new ArrayList<>();
        for (double rate : rates) {
          shown.add(Figures.format("%.1f M", rate / 1e6));
        }
        JsonNode first = tries.get(0);
        Figures.row(
            unit,
            Figures.format("%,d", Files.size(text)),
            Figures.format("%,d", first.get("tokens").asLong()),
            Figures.format("%,d", first.get("distinct").asLong()),
            Figures.format("%.1f", Figures.median(tries.stream().mapToDouble(TextThroughput::seconds).toArray())),
            Figures.format("**%.1f M**", Figures.median(rates) / 1e6),
            String.join(", ", shown),
            Figures.format(
                "%.0f MiB of %s",
                tries.stream().mapToDouble(it -> it.get("heap").asDouble()).max().orElseThrow() / (1 << 20),
                HEAP.substring(4)));
      }
    }
  }

  private static double seconds(JsonNode one) {
    return one.get("seconds").asDouble();
  }

  private static void write(Path file) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    byte[] word = new byte[16];
    double spread = Math.log(WORDS);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      for (long written = 0; written < BYTES; ) {
        int rank = (int) Math.exp(random.nextDouble() * spread);
        int length = 0;
        for (int left = rank; left > 0; left /= 26) {
          word[length++] = (byte) ('a' + left % 26);
        }
        word[length++] = (byte) (random.nextInt(12) == 0 ? '\n' : ' ');
        out.write(word, 0, length);
        written += length;
      }
    }
  }

  private static JsonNode read(Path text, String unit, Path output) throws Exception {
    List<String> command = new ArrayList<>(Program.java());
    command.set(1, HEAP);
    // What a runner has: TensorFlow too, for the loader of services looks at the signatures of all plugins.
    String program = Program.dist().resolve("plugins/*") + ":" + Program.dist().resolve("lib/*");
    command.addAll(List.of("-cp", program + ":" + System.getProperty("java.class.path"), TextReading.class.getName()));
    command.addAll(List.of(text.toString(), unit));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    if (process.waitFor() != 0) {
      throw new IOException("it ended with " + process.exitValue() + ":\n" + Files.readString(output));
    }
    List<String> lines = Files.readAllLines(output);
    return new ObjectMapper().readTree(lines.get(lines.size() - 1));
  }
}
