package io.trainyard.store.read;

import io.trainyard.core.model.SeriesData;
import io.trainyard.core.model.SeriesSummary;
import io.trainyard.core.store.PointsQuery;
import io.trainyard.core.store.StoreException;
import io.trainyard.store.chunk.ChunkFiles;
import io.trainyard.store.chunk.SeriesPart;
import io.trainyard.store.chunk.SeriesReader;
import io.trainyard.store.state.RunEntry;
import io.trainyard.store.state.SeriesState;
import io.trainyard.store.state.Tally;
import io.trainyard.store.state.Visibility;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads series over the attempts of a run, on reader threads. */
final class SeriesReads {
  private final ChunkFiles files;
  private final SeriesReader reader;
  private final SeriesState.ChunkIndex index;

  SeriesReads(ChunkFiles files, SeriesState.ChunkIndex index) {
    this.files = files;
    this.reader = new SeriesReader(files);
    this.index = index;
  }

  List<SeriesSummary> summaries(RunEntry entry) {
    List<SeriesSummary> all = new ArrayList<>();
    for (String name : entry.seriesNames()) {
      SeriesSummary summary = summary(entry, name);
      if (summary != null) {
        all.add(summary);
      }
    }
    return List.copyOf(all);
  }

  /**
   * Null when readers see no point of it. An attempt that was cut off at a step has to be read; the others have a
   * running summary.
   */
  @Nullable SeriesSummary summary(RunEntry entry, String name) {
    if (entry.run().attempts().size() <= 1) {
      SeriesState only = entry.find(1, name);
      SeriesSummary summary = only == null ? null : only.summary();
      return summary == null || summary.count() == 0 ? null : summary;
    }
    Tally sum = new Tally();
    for (Visibility visible : Visibility.of(entry.run().attempts())) {
      SeriesState series = entry.find(visible.attempt(), name);
      if (series == null) {
        continue;
      }
      SeriesSummary part =
          series.within(visible.fromStep(), visible.toStep()) ? series.summary() : cutSummary(series, visible);
      if (part != null && part.count() > 0) {
        sum.add(part);
      }
    }
    return sum.count() == 0 ? null : sum.summary(name);
  }

  private @Nullable SeriesSummary cutSummary(SeriesState series, Visibility visible) {
    try (ChunkFiles.Pin pin = files.pin()) {
      return reader.summary(series.key().series(), List.of(part(series, visible)));
    } catch (IOException failure) {
      throw unreadable(series.key().series(), failure);
    }
  }

  SeriesData points(RunEntry entry, PointsQuery query) {
    List<Visibility> visible =
        query.attempt() == null
            ? Visibility.of(entry.run().attempts())
            : List.of(new Visibility(query.attempt(), Long.MIN_VALUE, Long.MAX_VALUE));
    boolean known = false;
    try (ChunkFiles.Pin pin = files.pin()) {
      List<SeriesPart> parts = new ArrayList<>();
      for (Visibility range : visible) {
        SeriesState series = entry.find(range.attempt(), query.series());
        if (series != null) {
          known = true;
          parts.add(part(series, range));
        }
      }
      if (!known) {
        throw new StoreException.NotFound(
            "Run " + query.run() + " has no series \"" + query.series() + "\""
                + (query.attempt() == null ? "." : " in attempt " + query.attempt() + "."));
      }
      return reader.query(query.series(), parts, query.fromStep(), query.toStep(), query.maxPoints());
    } catch (IOException failure) {
      throw unreadable(query.series(), failure);
    }
  }

  private SeriesPart part(SeriesState series, Visibility visible) {
    SeriesState.Picture picture = series.picture(index);
    return new SeriesPart(series.key(), picture.chunks(), picture.heads(), visible.fromStep(), visible.toStep());
  }

  private static StoreException unreadable(String name, IOException failure) {
    return new StoreException.Damaged("Series \"" + name + "\" cannot be read: " + failure.getMessage());
  }
}
