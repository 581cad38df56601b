package io.trainyard.tests.benchmarks;

import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.store.Applied;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.RunStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** A client of one run: sends batches, a few at a time without waiting for the answer. One thread. */
final class Feed {
  private final RunStore store;
  private final String run;
  private final long fence;
  private final int window;
  private final Deque<CompletionStage<Applied>> waiting = new ArrayDeque<>();

  Feed(RunStore store, int number, int window) {
    this.store = store;
    this.run = id(number);
    this.window = window;
    long now = System.currentTimeMillis();
    RunRecord record =
        new RunRecord(
            run, "0", "benchmark " + number, RunState.RUNNING, null, null, Map.of(), 0, Map.of(), "", now, now, null,
            false, false, null, 0, null, false, null, Map.of(), null, null, List.of(), Map.of(), 0);
    Applied applied = store.apply(new Change.CreateRun(record)).toCompletableFuture().join();
    fence = Objects.requireNonNull(Objects.requireNonNull(applied.run()).attempt()).fence();
  }

  static String id(int number) {
    return String.format("%032x", number);
  }

  String run() {
    return run;
  }

  void send(MetricBatch.Column... columns) {
    MetricBatch batch =
        new MetricBatch(run, 1, fence, MetricBatch.UNSEQUENCED, MetricBatch.UNSEQUENCED, List.of(columns));
    waiting.add(store.apply(new Change.AppendPoints(batch)));
    while (waiting.size() >= window) {
      waiting.remove().toCompletableFuture().join();
    }
  }

  /** Waits until all that was sent is durable. */
  void drain() {
    while (!waiting.isEmpty()) {
      waiting.remove().toCompletableFuture().join();
    }
  }
}
