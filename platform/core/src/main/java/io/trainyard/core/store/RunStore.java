package io.trainyard.core.store;

import io.trainyard.core.model.Experiment;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.SeriesData;
import io.trainyard.core.model.SeriesSummary;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The port behind which runs are kept. Any thread may call; nothing here blocks the caller: work happens on the store's
 * own threads, and stages complete there. Stages fail with a {@link StoreException}.
 *
 * <p>A write's stage completes when the change is durable and readers see it, in the order in which the changes were
 * given.
 */
public interface RunStore extends AutoCloseable {
  CompletionStage<Applied> apply(Change change);

  /** As {@link #apply(Change)}, once for each key within 24 hours. */
  CompletionStage<Applied> apply(Change change, IdempotencyKey key);

  CompletionStage<List<Experiment>> experiments(boolean deleted);

  CompletionStage<Optional<Experiment>> experiment(String id);

  CompletionStage<Optional<Experiment>> experimentByName(String name);

  /** How many runs, not counting deleted ones. */
  CompletionStage<Long> runCount(String experiment);

  /** By id. */
  CompletionStage<Optional<RunRecord>> run(String id);

  /** The ids that start with this, at most {@code limit}. */
  CompletionStage<List<String>> runIds(String prefix, int limit);

  CompletionStage<RunPage> runs(RunQuery query);

  /** Those that have an artifact of this run among their inputs, the newest first; not the deleted ones. */
  CompletionStage<List<RunRecord>> consumers(String run);

  /** By name; points that readers see (the latest attempt's). */
  CompletionStage<List<SeriesSummary>> series(String run);

  CompletionStage<SeriesData> points(PointsQuery query);

  /** Where the next batch of this attempt must start: 0 when there is none yet. */
  CompletionStage<Long> nextSeq(String run, int attempt);

  StoreStatus status();

  /** Reads every byte and checks every checksum. */
  CompletionStage<ScrubReport> scrub();

  /** Makes what was accepted durable, writes a checkpoint of the view, and lets go of the folder. */
  @Override
  void close();
}
