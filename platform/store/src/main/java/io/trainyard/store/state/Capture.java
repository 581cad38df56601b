package io.trainyard.store.state;

import io.trainyard.core.model.Experiment;
import java.util.List;

/** All metadata as it was right after one change; taken between two groups, written out by the sealer. Immutable. */
public record Capture(long sequence, List<Experiment> experiments, List<RunImage> runs, List<KeyEntry> keys) {}
