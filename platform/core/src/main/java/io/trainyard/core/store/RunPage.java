package io.trainyard.core.store;

import java.util.List;

/**
 * Some of the runs that match.
 *
 * @param total how many match in all
 */
public record RunPage(List<RunRow> rows, long total) {}
