package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Holds the curves of two runs against each other, bit by bit, in pieces that fit into memory: a curve is what readers
 * see, of each step the latest attempt's points. Blocks; for the command's own thread.
 */
final class CurveComparison {
  /** Points that are asked for at once; a piece may have more where one step has more. */
  private static final int PIECE = 50_000;

  private static final int MOST = 1_000_000;

  private final HubClient client;
  private final String original;
  private final String replay;
  private final boolean whole;

  /** @param whole whether the original came to its end; else the replay may have gone further */
  CurveComparison(HubClient client, String original, String replay, boolean whole) {
    this.client = client;
    this.original = original;
    this.replay = replay;
    this.whole = whole;
  }

  /**
   * The first point in which two curves differ.
   *
   * @param one the original's value as JSON has it; null where only the replay has a point, and {@code other} likewise
   */
  record Difference(String metric, long step, @Nullable String one, @Nullable String other) {}

  /**
   * What came out.
   *
   * @param points compared, up to the first difference of each curve
   * @param steps points of the longest curve
   * @param first the one at the lowest step; null where all bits are the same
   * @param differing names of all curves that differ
   */
  record Outcome(int series, long points, long steps, @Nullable Difference first, Set<String> differing) {}

  /** @param timed names that nobody expects to be the same */
  Outcome compare(Set<String> timed) {
    Set<String> names = new TreeSet<>(names(original));
    if (whole) {
      names.addAll(names(replay));
    }
    names.removeAll(timed);
    long points = 0;
    long steps = 0;
    Difference first = null;
    Set<String> differing = new TreeSet<>();
    for (String name : names) {
      Curve curve = new Curve(name);
      Difference difference = curve.compare();
      points += curve.points;
      steps = Math.max(steps, curve.points);
      if (difference != null) {
        differing.add(name);
        first = first == null || difference.step < first.step ? difference : first;
      }
    }
    return new Outcome(names.size(), points, steps, first, differing);
  }

  private Set<String> names(String run) {
    Set<String> names = new TreeSet<>();
    for (JsonNode series : client.get("/api/v1/runs/" + run + "/series").path("series")) {
      names.add(series.path("name").asText());
    }
    return names;
  }

  /** One series of both. */
  private final class Curve {
    private final String name;
    private long points;

    Curve(String name) {
      this.name = name;
    }

    @Nullable Difference compare() {
      long from = Long.MIN_VALUE;
      while (true) {
        JsonNode ours = read(original, from, Long.MAX_VALUE, PIECE);
        boolean raw = ours.path("raw").asBoolean();
        long to = raw ? Long.MAX_VALUE : end(ours.path("buckets"));
        boolean last = to == Long.MAX_VALUE;
        JsonNode one = raw ? ours : read(original, from, to, MOST);
        Difference difference = compare(one, read(replay, from, to, MOST), last);
        if (difference != null || last) {
          return difference;
        }
        from = to + 1;
      }
    }

    private @Nullable Difference compare(JsonNode one, JsonNode other, boolean last) {
      if (!one.path("raw").asBoolean() || !other.path("raw").asBoolean()) {
        throw new CommandException(
            ExitCode.FAILED, "one step of " + name + " has more than " + MOST + " points, too many to compare");
      }
      int count = one.path("steps").size();
      int others = other.path("steps").size();
      for (int i = 0; i < count; i++) {
        long step = one.path("steps").path(i).asLong();
        String value = one.path("values").path(i).asText();
        if (i >= others || other.path("steps").path(i).asLong() > step) {
          return new Difference(name, step, value, null);
        } else if (other.path("steps").path(i).asLong() < step) {
          long more = other.path("steps").path(i).asLong();
          return new Difference(name, more, null, other.path("values").path(i).asText());
        }
        String replayed = other.path("values").path(i).asText();
        // Two doubles have one text only if they have the same bits, but that all NaN are one.
        if (!value.equals(replayed)) {
          return new Difference(name, step, value, replayed);
        }
        points++;
      }
      if (others > count && (whole || !last)) {
        long step = other.path("steps").path(count).asLong();
        return new Difference(name, step, null, other.path("values").path(count).asText());
      }
      return null;
    }

    /** The last step of as many buckets as make a piece, but at least of one. */
    private static long end(JsonNode buckets) {
      long sum = buckets.path("count").path(0).asLong();
      int bucket = 0;
      int all = buckets.path("count").size();
      while (bucket + 1 < all && sum + buckets.path("count").path(bucket + 1).asLong() <= PIECE) {
        sum += buckets.path("count").path(++bucket).asLong();
      }
      return buckets.path("last_step").path(bucket).asLong();
    }

    private JsonNode read(String run, long from, long to, int max) {
      String range = "&from=" + from + "&to=" + to + "&max=" + max;
      return client
          .get("/api/v1/runs/" + run + "/points?name=" + HubClient.encode(name) + range)
          .path("series")
          .path(0);
    }
  }
}
