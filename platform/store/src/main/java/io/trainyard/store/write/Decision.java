package io.trainyard.store.write;

import io.trainyard.core.model.Experiment;
import io.trainyard.core.model.MetricBatch;
import io.trainyard.store.state.RunImage;
import org.jspecify.annotations.Nullable;

/** What a change comes to if its group becomes durable. */
sealed interface Decision {
  record PutRun(RunImage image, long previousVersion) implements Decision {}

  record PutExperiment(Experiment experiment) implements Decision {}

  record PutPoints(RunImage image, long previousVersion, MetricBatch batch) implements Decision {}

  /** There is nothing to change: it was so already. */
  record Already(@Nullable RunImage image, @Nullable Experiment experiment, boolean duplicate) implements Decision {}
}
