package io.trainyard.hub.api;

import io.trainyard.core.model.SeriesData;
import io.trainyard.core.store.PointsQuery;
import io.trainyard.core.store.RunStore;
import io.trainyard.hub.json.PointsWriter;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads all points of a series in pieces that fit into memory, in order. On one worker, which it blocks.
 *
 * <p>The store answers with points where there are few, else with buckets, whose ranges of steps are then asked for in turn.
 */
final class PointsReading {
  private static final int PIECE = 50_000;

  private final RunStore store;
  private final PointsWriter out;

  PointsReading(RunStore store, PointsWriter out) {
    this.store = store;
    this.out = out;
  }

  void copy(String run, String series, int attempt) throws IOException {
    copy(new PointsQuery(run, series, attempt, Long.MIN_VALUE, Long.MAX_VALUE, PIECE));
  }

  private void copy(PointsQuery query) throws IOException {
    SeriesData data = read(query);
    if (data instanceof SeriesData.Raw raw) {
      out.points(query.attempt() == null ? 0 : query.attempt(), raw);
    } else if (data instanceof SeriesData.Buckets buckets) {
      int bucket = 0;
      while (bucket < buckets.counts().length) {
        int last = bucket;
        long points = buckets.counts()[bucket];
        while (last + 1 < buckets.counts().length && points + buckets.counts()[last + 1] <= PIECE) {
          points += buckets.counts()[++last];
        }
        long from = buckets.firstStep()[bucket];
        long to = buckets.lastStep()[last];
        // One step may hold more points than a piece: it cannot be cut, so it is read as it is.
        int max = from == to ? Integer.MAX_VALUE : PIECE;
        copy(new PointsQuery(query.run(), query.series(), query.attempt(), from, to, max));
        bucket = last + 1;
      }
    }
  }

  private SeriesData read(PointsQuery query) throws IOException {
    try {
      return store.points(query).toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException("the store did not give the points: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("the store did not answer within a minute", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
