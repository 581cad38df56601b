package io.trainyard.tests.benchmarks;

import io.trainyard.core.model.MetricBatch;
import io.trainyard.store.StoreOptions;
import io.trainyard.store.TrainyardStore;
import java.nio.file.Path;
import java.util.Random;

/** How many bytes of the data folder a point costs, everything in it counted, for losses of a real training. */
final class FolderSize {
  private static final int POINTS = 4_000_000;
  private static final int BATCH = 1000;

  private FolderSize() {}

  static void run(Main.Options options) throws Exception {
    Figures.head("what", "points", "chunks", "journal", "snapshot and view", "**bytes a point**");
    // The steps' own pace, that of a TensorFlow loop with one call a step, and that of a large model.
    trained("losses as fast as they come", 0);
    trained("losses at 20,000 steps/s", 0.05);
    trained("losses at 20 steps/s, 3 ms of jitter", 50);
    System.out.println(
        "The folder of a closed store. Losses of a small network trained in float32 on noisy labels, a point a step.");
  }

  private static void trained(String name, double millisPerStep) throws Exception {
    Losses losses = new Losses(3);
    Random jitter = new Random(3);
    double clock = System.currentTimeMillis();
    try (Scratch scratch = new Scratch("size")) {
      try (TrainyardStore store = TrainyardStore.open(scratch.path(), StoreOptions.defaults())) {
        Feed feed = new Feed(store, 1, 8);
        for (int i = 0; i < POINTS; i += BATCH) {
          long[] steps = new long[BATCH];
          long[] times = new long[BATCH];
          double[] values = new double[BATCH];
          for (int k = 0; k < BATCH; k++) {
            steps[k] = i + k + 1;
            values[k] = losses.step();
            clock += millisPerStep * (1 + 0.06 * jitter.nextGaussian());
            times[k] = millisPerStep == 0 ? System.currentTimeMillis() : (long) clock;
          }
          feed.send(new MetricBatch.Column("train/loss", steps, times, values));
        }
        feed.drain();
      }
      Path folder = scratch.path();
      long all = Scratch.bytes(folder);
      long chunks = Scratch.bytes(folder.resolve("chunks"));
      long journal = Scratch.bytes(folder.resolve("journal"));
      Figures.row(
          name,
          Figures.format("%.1f M", POINTS / 1e6),
          perPoint(chunks),
          perPoint(journal),
          perPoint(all - chunks - journal),
          "**" + perPoint(all) + "**");
    }
  }

  private static String perPoint(long bytes) {
    return Figures.format("%.3f", (double) bytes / POINTS);
  }
}
