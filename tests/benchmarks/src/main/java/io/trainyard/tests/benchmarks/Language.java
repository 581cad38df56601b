package io.trainyard.tests.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.tests.benchmarks.PeerProgram.Rate;
import io.trainyard.tests.benchmarks.Rounds.Contest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tokens a second of recurrent language models beside PyTorch, as {@link Peers} does it for pictures: ours with a hub, a
 * runner and every step recorded, PyTorch recording nothing, by turns and on the same threads.
 *
 * <p>Consecutive sampling, so that both sides have the same batches in the same order. They are timed from the first
 * loss after the epochs to warm up to the very last one; ours by the points that the hub has stored.
 */
final class Language {
  private static final int BATCH = 32;
  private static final int STEPS = 35;

  private static final List<Job> JOBS =
      List.of(
          new Job("RNN, V 28, H 256", Text.CHARACTERS, 28, "rnn_tanh", 256, 1, "normal", 100, 150, "1.3"),
          new Job("RNN, V 1027, H 256", Text.CHINESE, 1027, "rnn_tanh", 256, 1, "normal", 60, 80, "1.3"),
          new Job("RNN, V 28, H 512", Text.CHARACTERS, 28, "rnn_tanh", 512, 1, "normal", 60, 100, "1.3"),
          new Job("GRU, V 28, H 256", Text.CHARACTERS, 28, "gru", 256, 1, "uniform", 70, 100, "1"),
          new Job("LSTM, V 4580, words, 2 x 200", Text.WORDS, 4580, "lstm", 200, 2, "uniform", 2, 5, "1"));

  private Language() {}

  private enum Text {
    CHARACTERS,
    CHINESE,
    WORDS;

    Path in(Texts texts) throws IOException {
      return switch (this) {
        case CHARACTERS -> texts.characters();
        case CHINESE -> texts.chinese();
        case WORDS -> texts.words();
      };
    }

    String unit() {
      return this == WORDS ? "word" : "char";
    }
  }

  /**
   * What is trained on both sides.
   *
   * @param warmUp epochs that are not measured
   */
  private record Job(
      String title, Text text, int vocabulary, String cell, int hidden, int layers, String init, int warmUp,
      int measured, String goal) {
    int epochs() {
      return warmUp + measured;
    }

    /** Words are rows of numbers that are learned, as long as a state; characters are one-hot. */
    String input() {
      return text == Text.WORDS ? "embedding" : "one_hot";
    }

    /** Epochs for a minute's load; fewer to see whether all works. */
    Job during(int seconds) {
      int warm = Math.max(1, warmUp * seconds / 60);
      int fewer = Math.max(1, measured * seconds / 60);
      return new Job(title, text, vocabulary, cell, hidden, layers, init, warm, fewer, goal);
    }
  }

  static void run(Main.Options options) throws Exception {
    int threads = Runtime.getRuntime().availableProcessors();
    try (Scratch scratch = new Scratch("language")) {
      Texts texts = Texts.in(Files.createDirectories(scratch.path().resolve("texts")));
      List<Contest> contests =
          JOBS.stream()
              .filter(it -> it.title.contains(options.only()))
              .map(it -> it.during(options.seconds()))
              .map(
                  it ->
                      new Contest(
                          it.title, it.goal, first -> round(it, it.text.in(texts), threads, first, scratch.path())))
              .toList();
      Rounds.play("model", threads, options.repeat(), contests);
      System.out.println(
          "Tokens a second; " + BATCH + " rows of " + STEPS + " tokens a step, of " + texts.source()
              + "; V 1027 of a made-up text. Ours through a hub, every step recorded, on the same " + threads
              + " cores. The ratio is to the faster of PyTorch's. It is eager PyTorch 2.7.1 by DJL 0.35.0's native"
              + " layer, nothing recorded.");
    }
  }

  /** Ours, PyTorch on all threads, PyTorch on one; in the other order every second time. */
  private static double[] round(Job job, Path text, int threads, boolean oursFirst, Path scratch) throws Exception {
    Rate ours = oursFirst ? ours(job, text, scratch) : null;
    Rate all = peer(job, text, threads);
    Rate one = peer(job, text, 1);
    if (ours == null) {
      ours = ours(job, text, scratch);
    }
    Rate.sameLosses(job.title, ours, all, one);
    int tokens = BATCH * STEPS;
    return new double[] {tokens * ours.stepsPerSecond(), tokens * all.stepsPerSecond(), tokens * one.stepsPerSecond()};
  }

  private static Rate ours(Job job, Path text, Path scratch) throws Exception {
    try (LocalHub hub = LocalHub.start(Files.createTempDirectory(scratch, "hub"))) {
      hub.awaitWarmRunner();
      Map<String, Object> params = new LinkedHashMap<>();
      params.put("corpus", text.toString());
      params.put("unit", job.text.unit());
      params.put("split", 1);
      params.put("cell", job.cell);
      params.put("hidden_size", job.hidden);
      params.put("num_layers", job.layers);
      params.put("input", job.input());
      params.put("embedding_size", job.hidden);
      params.put("init", job.init);
      params.put("num_steps", STEPS);
      params.put("batch_size", BATCH);
      params.put("epochs", job.epochs());
      params.put("sample_every", 0);
      JsonNode run =
          hub.finished(
              hub.launch(
                  Map.of("task", "rnn-lm", "seed", 1, "params", params, "options", Map.of("device", "cpu"))));
      String path = "/api/v1/runs/" + run.get("id").asText() + "/points?name=train/loss&max=1000000";
      JsonNode times = hub.read(path).get("series").get(0).get("times");
      if (times.size() % job.epochs() != 0 || run.get("lost_points").asLong() != 0) {
        throw new AssertionError(times.size() + " points are stored of " + job.epochs() + " epochs");
      }
      int first = times.size() / job.epochs() * job.warmUp;
      int last = times.size() - 1;
      double millis = times.get(last).asLong() - times.get(first).asLong();
      double loss = run.get("metrics").get("epoch/train_loss").get("last").asDouble();
      return new Rate((last - first) / (millis / 1e3), loss);
    }
  }

  private static Rate peer(Job job, Path text, int threads) throws IOException, InterruptedException {
    return PeerProgram.train(
        "LanguageMain",
        threads,
        List.of(
            text.toString(),
            job.text.unit(),
            Integer.toString(job.vocabulary),
            job.cell,
            Integer.toString(job.hidden),
            Integer.toString(job.layers),
            job.input(),
            Integer.toString(job.hidden),
            job.init,
            Integer.toString(threads),
            Integer.toString(job.warmUp),
            Integer.toString(job.measured)));
  }
}
