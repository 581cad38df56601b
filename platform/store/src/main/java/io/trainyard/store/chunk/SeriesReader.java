package io.trainyard.store.chunk;

import io.trainyard.core.model.SeriesData;
import io.trainyard.core.model.SeriesSummary;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers questions about one series from its chunks and its newest points. Any thread may call. */
public final class SeriesReader {
  public SeriesReader(ChunkFiles files) {}

  /** All points of the range if there are at most {@code maxPoints}, else at most so many buckets of them. */
  public SeriesData query(String name, List<SeriesPart> parts, long fromStep, long toStep, int maxPoints) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Over all that is visible; null when nothing is. */
  public @Nullable SeriesSummary summary(String name, List<SeriesPart> parts) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Every point of the range in order, with a few decoded chunks in memory at a time. */
  public void forEach(List<SeriesPart> parts, long fromStep, long toStep, PointVisitor visitor) throws IOException {
    throw new UnsupportedOperationException();
  }
}
