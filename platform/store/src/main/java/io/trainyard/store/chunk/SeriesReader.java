package io.trainyard.store.chunk;

import io.trainyard.core.model.SeriesData;
import io.trainyard.core.model.SeriesSummary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers questions about one series from its chunks and its newest points. Any thread may call. */
public final class SeriesReader {
  /** A part's pieces in the range that is asked for. */
  private record Section(Lanes lanes, long fromStep, long toStep) {}

  private final ChunkFiles files;

  public SeriesReader(ChunkFiles files) {
    this.files = files;
  }

  /** All points of the range if there are at most {@code maxPoints}, else at most so many buckets of them. */
  public SeriesData query(String name, List<SeriesPart> parts, long fromStep, long toStep, int maxPoints)
      throws IOException {
    if (maxPoints < 1) {
      throw new IllegalArgumentException("at least 1 point must be asked for, not " + maxPoints);
    }
    List<Section> sections = sections(parts, fromStep, toStep);
    long main = 0;
    long loose = 0;
    for (Section section : sections) {
      main += count(section.lanes.main(), section);
      loose += count(section.lanes.loose(), section);
    }
    if (main + loose <= maxPoints) {
      return raw(name, sections, (int) (main + loose));
    }
    BucketBuilder quick = new BucketBuilder(files, main, main, maxPoints);
    if (main > 0 && scattered(quick, sections)) {
      return quick.build(name);
    }
    BucketBuilder even = new BucketBuilder(files, main + loose, main, maxPoints);
    for (Section section : sections) {
      even.add(section.lanes, section.fromStep, section.toStep);
    }
    return even.build(name);
  }

  /** Buckets of the main lanes, and the loose points put into them; false when that makes very uneven ones. */
  private static boolean scattered(BucketBuilder builder, List<Section> sections) throws IOException {
    for (Section section : sections) {
      builder.addMain(section.lanes, section.fromStep, section.toStep);
    }
    for (Section section : sections) {
      List<Piece> loose = section.lanes.loose();
      if (!loose.isEmpty() && !builder.scatter(loose, section.fromStep, section.toStep)) {
        return false;
      }
    }
    return true;
  }

  /** Over all that is visible; null when nothing is. */
  public @Nullable SeriesSummary summary(String name, List<SeriesPart> parts) throws IOException {
    Stats stats = new Stats();
    for (SeriesPart part : parts) {
      List<Piece> pieces = new ArrayList<>(Piece.of(part, part.fromStep(), part.toStep()));
      pieces.sort(Piece.BY_START);
      for (Piece piece : pieces) {
        if (piece.chunk() != null && piece.isWithin(part.fromStep(), part.toStep())) {
          stats.add(piece.chunk().summary(), piece.order());
        } else {
          Points points = piece.points(files, true);
          int from = points.lowerBound(part.fromStep());
          int to = points.upperBound(part.toStep());
          if (from < to) {
            stats.add(points, from, to, piece.order());
          }
        }
      }
    }
    if (stats.count == 0) {
      return null;
    }
    return new SeriesSummary(
        name,
        stats.count,
        stats.nan,
        stats.posInf,
        stats.negInf,
        stats.firstStep,
        stats.lastStep,
        stats.last,
        stats.lastTime,
        stats.minOrNan(),
        stats.maxOrNan());
  }

  /** Every point of the range in order, with a few decoded chunks in memory at a time. */
  public void forEach(List<SeriesPart> parts, long fromStep, long toStep, PointVisitor visitor) throws IOException {
    for (Section section : sections(parts, fromStep, toStep)) {
      PointStream points = stream(section, false);
      for (; points.hasPoint(); points.advance()) {
        visitor.point(points.step(), points.time(), points.value());
      }
    }
  }

  private SeriesData.Raw raw(String name, List<Section> sections, int count) throws IOException {
    long[] steps = new long[count];
    long[] times = new long[count];
    double[] values = new double[count];
    int i = 0;
    for (Section section : sections) {
      for (PointStream points = stream(section, true); points.hasPoint(); points.advance()) {
        steps[i] = points.step();
        times[i] = points.time();
        values[i++] = points.value();
      }
    }
    return new SeriesData.Raw(name, steps, times, values);
  }

  private PointStream stream(Section section, boolean keep) throws IOException {
    List<Piece> pieces = new ArrayList<>(section.lanes.main());
    pieces.addAll(section.lanes.loose());
    return new PointStream(files, pieces, section.fromStep, section.toStep, keep);
  }

  private long count(List<Piece> pieces, Section section) throws IOException {
    long sum = 0;
    for (Piece piece : pieces) {
      sum += piece.countIn(section.fromStep, section.toStep, files);
    }
    return sum;
  }

  private static List<Section> sections(List<SeriesPart> parts, long fromStep, long toStep) {
    List<SeriesPart> ordered = new ArrayList<>(parts);
    ordered.sort(Comparator.comparingLong(SeriesPart::fromStep));
    List<Section> sections = new ArrayList<>();
    for (SeriesPart part : ordered) {
      long from = Math.max(fromStep, part.fromStep());
      long to = Math.min(toStep, part.toStep());
      if (from <= to) {
        sections.add(new Section(Lanes.of(Piece.of(part, from, to)), from, to));
      }
    }
    return sections;
  }
}
