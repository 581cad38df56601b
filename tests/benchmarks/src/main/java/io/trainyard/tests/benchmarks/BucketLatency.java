package io.trainyard.tests.benchmarks;

import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.SeriesData;
import io.trainyard.core.store.PointsQuery;
import io.trainyard.store.StoreOptions;
import io.trainyard.store.TrainyardStore;
import java.util.Arrays;
import java.util.Random;

/**
 * How long 1000 buckets of a random range of a series of ten million points take: what a chart asks when somebody
 * zooms.
 */
final class BucketLatency {
  private static final int POINTS = 10_000_000;
  private static final int BATCH = 1000;
  private static final int WARM_UP = 2000;
  private static final int QUESTIONS = 2000;

  private BucketLatency() {}

  static void run(Main.Options options) throws Exception {
    float[] losses = new Losses(1).steps(POINTS);
    Figures.head("arrival", "ranges", "p50", "p99", "worst");
    measure("in order", arrivals(0), losses, options.repeat());
    measure("10 % late", arrivals(0.1), losses, options.repeat());
    System.out.println(
        "Ranges of random ends, none on a boundary; \"any length\": log-uniform from 2000 to 10 M points; \"long\":"
            + " both ends uniform; \"250 k\": the most points that are read one by one. Each figure is the median of "
            + options.repeat()
            + " times "
            + QUESTIONS
            + " questions through the store's port, warm. Late points come up to a million points after their turn.");
  }

  private static void measure(String name, int[] arrivals, float[] losses, int repeat) throws Exception {
    try (Scratch scratch = new Scratch("buckets")) {
      try (TrainyardStore store = TrainyardStore.open(scratch.path(), StoreOptions.defaults())) {
        Feed feed = new Feed(store, 1, 16);
        for (int i = 0; i < POINTS; i += BATCH) {
          feed.send(column(arrivals, losses, i));
        }
        feed.drain();
      }
      try (TrainyardStore store = TrainyardStore.open(scratch.path(), StoreOptions.defaults())) {
        measure(store, name, "any length", new Random(1), 2000, POINTS, repeat);
        measure(store, name, "long", new Random(2), 0, POINTS, repeat);
        measure(store, name, "250 k", new Random(3), 250_000, 250_000, repeat);
      }
    }
  }

  /** @param least of the points in a range; 0 for ranges of two uniform ends */
  private static void measure(
      TrainyardStore store, String arrival, String ranges, Random random, int least, int most, int repeat) {
    double[] p50 = new double[repeat];
    double[] p99 = new double[repeat];
    double[] worst = new double[repeat];
    double[] millis = new double[QUESTIONS];
    for (int r = 0; r < repeat; r++) {
      for (int q = r == 0 ? -WARM_UP : 0; q < QUESTIONS; q++) {
        long a = random.nextInt(POINTS);
        long b = random.nextInt(POINTS);
        if (least > 0) {
          long length = (long) (least * Math.pow((double) most / least, random.nextDouble()));
          a = (long) (random.nextDouble() * (POINTS - length));
          b = a + length;
        }
        PointsQuery query = new PointsQuery(Feed.id(1), "train/loss", null, Math.min(a, b), Math.max(a, b), 1000);
        long start = System.nanoTime();
        SeriesData data = store.points(query).toCompletableFuture().join();
        if (q >= 0) {
          millis[q] = (System.nanoTime() - start) / 1e6;
        }
        if (data.count() != Math.abs(b - a) + 1) {
          throw new AssertionError(query + " has " + data.count() + " points");
        }
      }
      p50[r] = Figures.percentile(millis, 50);
      p99[r] = Figures.percentile(millis, 99);
      worst[r] = Figures.percentile(millis, 100);
    }
    Figures.row(
        arrival,
        ranges,
        Figures.format("%.2f ms", Figures.median(p50)),
        Figures.format("**%.2f ms**", Figures.median(p99)),
        Figures.format("%.1f ms", Figures.median(worst)));
  }

  /** The steps in the order in which they arrive. */
  private static int[] arrivals(double late) {
    Random random = new Random(9);
    long[] keys = new long[POINTS];
    for (int i = 0; i < POINTS; i++) {
      long arrives = i + (random.nextDouble() < late ? random.nextInt(1_000_000) : 0);
      keys[i] = arrives << 24 | i;
    }
    Arrays.sort(keys);
    int[] order = new int[POINTS];
    for (int i = 0; i < POINTS; i++) {
      order[i] = (int) (keys[i] & 0xff_ffff);
    }
    return order;
  }

  private static MetricBatch.Column column(int[] arrivals, float[] losses, int from) {
    long[] steps = new long[BATCH];
    long[] times = new long[BATCH];
    double[] values = new double[BATCH];
    for (int i = 0; i < BATCH; i++) {
      int step = arrivals[from + i];
      steps[i] = step;
      times[i] = 1_700_000_000_000L + step / 50;
      values[i] = losses[step];
    }
    return new MetricBatch.Column("train/loss", steps, times, values);
  }
}
