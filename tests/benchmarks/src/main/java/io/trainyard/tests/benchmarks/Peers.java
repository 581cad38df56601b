package io.trainyard.tests.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.tests.benchmarks.PeerProgram.Rate;
import io.trainyard.tests.benchmarks.Rounds.Contest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Steps a second beside PyTorch: the same model, data, batch and number of threads, by turns. Ours is a run as anybody
 * launches it: a hub and a runner, every step recorded, shipped and stored on the same cores; PyTorch records nothing.
 *
 * <p>Both are timed from the first loss of an epoch to its last; ours by the points that the hub has stored. So neither
 * side's shuffling counts, nor what ours does between the epochs. And both must have come to the same loss.
 */
final class Peers {
  private static final int BATCH = 256;
  private static final int STEPS = (60_000 + BATCH - 1) / BATCH;

  private static final List<Job> JOBS =
      List.of(
          new Job("softmax", "norm", "softmax 784-10, with the gradient's norm", 50, 50, Map.of(), "2"),
          new Job("softmax", "plain", "softmax, PyTorch without the norm, ours with it", 50, 50, Map.of(), ""),
          new Job("mlp", "norm", "MLP 784-256-10, with the gradient's norm", 10, 12, Map.of("grad_norms", true), "1.15"),
          new Job("mlp", "plain", "MLP 784-256-10, losses alone", 10, 12, Map.of("grad_norms", false), "1.3"));

  private Peers() {}

  /**
   * What is trained on both sides.
   *
   * @param norm what PyTorch is to do: norm or plain
   * @param warmUp epochs that are not measured
   */
  private record Job(
      String task, String norm, String title, int warmUp, int measured, Map<String, Object> params, String goal) {
    int epochs() {
      return warmUp + measured;
    }

    /** Epochs for a minute's load; fewer to see whether all works. */
    Job during(int seconds) {
      int warm = Math.max(1, warmUp * seconds / 60);
      return new Job(task, norm, title, warm, Math.max(1, measured * seconds / 60), params, goal);
    }
  }

  static void run(Main.Options options) throws Exception {
    Path data = FashionMnistFolder.find();
    int threads = Runtime.getRuntime().availableProcessors();
    List<Contest> contests =
        JOBS.stream()
            .filter(it -> it.title.contains(options.only()))
            .map(it -> it.during(options.seconds()))
            .map(it -> new Contest(it.title, it.goal, first -> round(it, data, threads, first)))
            .toList();
    Rounds.play("training", threads, options.repeat(), contests);
    System.out.println(
        "Steps a second of batches of " + BATCH + "; ours through a hub, every step recorded, on the same " + threads
            + " cores. The ratio is to the faster of PyTorch's two. It is eager PyTorch 2.7.1 by DJL 0.35.0's native"
            + " layer, nothing recorded.");
  }

  /** Ours, PyTorch on all threads, PyTorch on one; in the other order every second time. */
  private static double[] round(Job job, Path data, int threads, boolean oursFirst) throws Exception {
    Rate ours = oursFirst ? ours(job, data) : null;
    Rate all = peer(job, data, threads);
    Rate one = peer(job, data, 1);
    if (ours == null) {
      ours = ours(job, data);
    }
    Rate.sameLosses(job.title, ours, all, one);
    return new double[] {ours.stepsPerSecond(), all.stepsPerSecond(), one.stepsPerSecond()};
  }

  private static Rate ours(Job job, Path data) throws Exception {
    try (Scratch scratch = new Scratch("peers");
        LocalHub hub = LocalHub.start(scratch.path())) {
      hub.awaitWarmRunner();
      Map<String, Object> params = new LinkedHashMap<>(job.params);
      params.put("epochs", job.epochs());
      params.put("batch_size", BATCH);
      params.put("learning_rate", 0.1);
      JsonNode run =
          hub.finished(
              hub.launch(
                  Map.of(
                      "task", job.task,
                      "seed", 1,
                      "params", params,
                      "data", data.toString(),
                      "options", Map.of("device", "cpu"))));
      String path = "/api/v1/runs/" + run.get("id").asText() + "/points?name=train/loss&max=1000000";
      JsonNode times = hub.read(path).get("series").get(0).get("times");
      if (times.size() != job.epochs() * STEPS || run.get("lost_points").asLong() != 0) {
        throw new AssertionError(times.size() + " points are stored of " + job.epochs() * STEPS + " steps");
      }
      double millis = 0;
      for (int epoch = job.warmUp; epoch < job.epochs(); epoch++) {
        millis += times.get((epoch + 1) * STEPS - 1).asLong() - times.get(epoch * STEPS).asLong();
      }
      double loss = run.get("metrics").get("epoch/train_loss").get("last").asDouble();
      return new Rate(job.measured * (STEPS - 1) / (millis / 1e3), loss);
    }
  }

  private static Rate peer(Job job, Path data, int threads) throws IOException, InterruptedException {
    return PeerProgram.train(
        "PeerMain",
        threads,
        List.of(
            data.toString(),
            job.task,
            job.norm,
            Integer.toString(threads),
            Integer.toString(job.warmUp),
            Integer.toString(job.measured)));
  }
}
