package io.trainyard.core.model;

import java.util.List;

/**
 * An exhibit of a run, without what it shows.
 *
 * @param kind {@code text}, {@code histogram}, {@code curves}, {@code matrix}, {@code table} or {@code images}; the
 *     latest one's
 * @param entries one for each step, in the order of the steps; of a step that was shown twice the latest attempt's, and
 *     of these the last
 */
public record ExhibitInfo(String name, String kind, List<ExhibitEntry> entries) {
  public ExhibitInfo {
    entries = List.copyOf(entries);
  }
}
