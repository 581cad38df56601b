package io.trainyard.store.chunk;

/** Whose points a chunk holds: one series of one attempt of one run. */
public record SeriesKey(String run, int attempt, String series) {
  @Override
  public String toString() {
    return series + " of run " + run + ", attempt " + attempt;
  }
}
