package io.trainyard.tests.benchmarks;

import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.SeriesSummary;
import io.trainyard.core.store.StoreStatus;
import io.trainyard.store.StoreOptions;
import io.trainyard.store.TrainyardStore;
import java.util.ArrayList;
import java.util.List;

/**
 * How many points a second the store makes durable, for a minute, with journal, chunks, view and retirement all at
 * work.
 */
final class Ingest {
  private static final int RUNS = 8;
  private static final int BATCH = 1000;

  private Ingest() {}

  static void run(Main.Options options) throws Exception {
    float[] losses = new Losses(1).steps(1_000_000);
    double[] rates = new double[options.repeat()];
    Figures.head("try", "points/s", "acknowledged", "fsyncs/s", "chunks", "journal left", "found after reopening");
    for (int i = 0; i < options.repeat(); i++) {
      rates[i] = once(i + 1, losses, options.seconds());
    }
    Figures.row("**median**", Figures.format("**%.2f M**", Figures.median(rates) / 1e6), "", "", "", "", "");
    System.out.println(
        Figures.format(
            "One thread feeds %d runs with batches of %d points, 4 in flight each, for %d s.",
            RUNS,
            BATCH,
            options.seconds()));
  }

  private static double once(int number, float[] losses, int seconds) throws Exception {
    try (Scratch scratch = new Scratch("ingest")) {
      long sent = 0;
      double rate;
      StoreStatus status;
      try (TrainyardStore store = TrainyardStore.open(scratch.path(), StoreOptions.defaults())) {
        List<Feed> feeds = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
          feeds.add(new Feed(store, i + 1, 4));
        }
        long[] next = new long[RUNS];
        long start = System.nanoTime();
        while (System.nanoTime() - start < seconds * 1_000_000_000L) {
          for (int i = 0; i < RUNS; i++) {
            feeds.get(i).send(column(losses, next[i]));
            next[i] += BATCH;
            sent += BATCH;
          }
        }
        feeds.forEach(Feed::drain);
        rate = sent / ((System.nanoTime() - start) / 1e9);
        status = store.status();
      }
      long found = 0;
      try (TrainyardStore store = TrainyardStore.open(scratch.path(), StoreOptions.defaults())) {
        for (int i = 0; i < RUNS; i++) {
          for (SeriesSummary series : store.series(Feed.id(i + 1)).toCompletableFuture().join()) {
            found += series.count();
          }
        }
      }
      Figures.row(
          Integer.toString(number),
          Figures.format("%.2f M", rate / 1e6),
          Figures.format("%.1f M", sent / 1e6),
          Figures.format("%.0f", status.fsyncs() / (double) seconds),
          Figures.format("%.0f MiB", status.chunkBytes() / 1048576.0),
          Figures.format("%.0f MiB", status.journalBytes() / 1048576.0),
          found == sent ? "all" : found + " of " + sent);
      if (found != sent) {
        throw new AssertionError("points were lost");
      }
      return rate;
    }
  }

  private static MetricBatch.Column column(float[] losses, long first) {
    long[] steps = new long[BATCH];
    long[] times = new long[BATCH];
    double[] values = new double[BATCH];
    long now = System.currentTimeMillis();
    int at = (int) (first % losses.length);
    for (int i = 0; i < BATCH; i++) {
      steps[i] = first + i + 1;
      times[i] = now;
      values[i] = losses[at + i];
    }
    return new MetricBatch.Column("train/loss", steps, times, values);
  }
}
