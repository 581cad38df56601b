package io.trainyard.core.store;

import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.SeriesSummary;
import java.util.List;

/** A run with the summaries of its series, by name. */
public record RunRow(RunRecord run, List<SeriesSummary> series) {}
