package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a chart reads of a long series, against every point of it. */
final class BucketsTest {
  private static final int POINTS = 60_000;
  private static final String SERIES = "train/loss";

  @TempDir static Path folder;
  private static LiveHub hub;
  private static String run;
  /** By step, then in the order of arrival. */
  private static List<Point> all = List.of();

  private record Point(long step, double value) {}

  /** Ten in a hundred come out of order, some repeat a step, some are not finite; chunks are sealed meanwhile. */
  @BeforeAll
  static void start() throws Exception {
    hub = LiveHub.up(folder.resolve("home"), "--slots", "0");
    run = hub.stranger().post("/api/v1/experiments/0/tracked-runs", Map.of()).is(201).json().path("id").asText();
    Random random = new Random(4);
    List<Point> arriving = new ArrayList<>();
    for (int i = 0; i < POINTS; i++) {
      long step = random.nextInt(10) == 0 ? random.nextInt(POINTS) - 1000 : i;
      double value = random.nextGaussian() / (1 + i / 1000);
      int odd = random.nextInt(500);
      value = odd == 0 ? Double.NaN : odd == 1 ? Double.POSITIVE_INFINITY : odd == 2 ? Double.NEGATIVE_INFINITY : value;
      arriving.add(new Point(step, value));
    }
    for (int from = 0; from < POINTS; from += 5_000) {
      List<Point> batch = arriving.subList(from, from + 5_000);
      List<Object> values = new ArrayList<>();
      for (Point point : batch) {
        values.add(Double.isFinite(point.value) ? (Object) point.value : Double.toString(point.value));
      }
      Map<String, Object> series =
          Map.of("name", SERIES, "steps", batch.stream().mapToLong(Point::step).toArray(), "values", values);
      hub.stranger().post("/api/v1/runs/" + run + "/points", Map.of("series", List.of(series))).is(200);
    }
    all = new ArrayList<>(arriving);
    all.sort(Comparator.comparingLong(Point::step));
  }

  @AfterAll
  static void stop() throws Exception {
    hub.close();
  }

  @ParameterizedTest
  @CsvSource({
    "-9000000, 9000000, 1000", "-9000000, 9000000, 7", "-9000000, 9000000, 1", "1234, 43210, 500", "-999, 7, 3",
    "30001, 30002, 1",
    "59000, 70000, 100"
  })
  void bucketsAreExact(long from, long to, int max) throws Exception {
    List<Point> expected = all.stream().filter(point -> point.step >= from && point.step <= to).toList();
    JsonNode series = read(from, to, max);
    assertThat(series.path("raw").asBoolean()).isFalse();
    assertThat(series.path("count").asInt()).isEqualTo(expected.size());
    JsonNode buckets = series.path("buckets");
    int size = buckets.path("count").size();
    assertThat(size).isBetween(1, max);
    long end = Long.MIN_VALUE;
    int total = 0;
    for (int i = 0; i < size; i++) {
      long first = buckets.path("first_step").get(i).asLong();
      long last = buckets.path("last_step").get(i).asLong();
      assertThat(first).isGreaterThan(end).isLessThanOrEqualTo(last);
      end = last;
      List<Point> within = expected.stream().filter(point -> point.step >= first && point.step <= last).toList();
      assertBucket(buckets, i, within);
      total += within.size();
    }
    assertThat(total).isEqualTo(expected.size());
    // Whoever asks for 1000 buckets of 60,000 points gets a chart, not three bars.
    if (max >= 100 && expected.size() > 10 * max) {
      assertThat(size).isGreaterThan(max / 4);
    }
  }

  @Test
  void aRangeThatIsShortEnoughComesAsPoints() throws Exception {
    List<Point> expected = all.stream().filter(point -> point.step >= 2_000 && point.step <= 2_500).toList();
    JsonNode series = read(2_000, 2_500, expected.size());
    assertThat(series.path("raw").asBoolean()).isTrue();
    for (int i = 0; i < expected.size(); i++) {
      assertThat(series.path("steps").get(i).asLong()).isEqualTo(expected.get(i).step);
      assertThat(number(series.path("values").get(i))).isEqualTo((Double) expected.get(i).value);
    }
    assertThat(read(100_000, 200_000, 10).path("count").asInt()).isZero();
  }

  @Test
  void theSummaryIsThatOfAllPoints() throws Exception {
    JsonNode summary = hub.get("/api/v1/runs/" + run + "/series").path("series").get(0);
    assertThat(summary.path("count").asInt()).isEqualTo(POINTS);
    assertThat(summary.path("nan").asLong()).isEqualTo(all.stream().filter(point -> Double.isNaN(point.value)).count());
    assertThat(summary.path("first_step").asLong()).isEqualTo(all.get(0).step);
    assertThat(summary.path("last_step").asLong()).isEqualTo(all.get(POINTS - 1).step);
    assertThat(summary.path("min").asDouble()).isEqualTo(finite(all).min().orElseThrow());
    assertThat(summary.path("max").asDouble()).isEqualTo(finite(all).max().orElseThrow());
  }

  @Test
  void theExportHasEveryPoint() throws Exception {
    List<String> lines = hub.export(run, "csv").lines().skip(1).toList();
    assertThat(lines).hasSize(POINTS);
    for (int i = 0; i < POINTS; i++) {
      String[] cells = lines.get(i).split(",");
      assertThat(Long.parseLong(cells[2])).isEqualTo(all.get(i).step);
      assertThat(Double.valueOf(cells[4])).isEqualTo((Double) all.get(i).value);
    }
  }

  private static JsonNode read(long from, long to, int max) throws Exception {
    String query = "?name=train%2Floss&from=" + from + "&to=" + to + "&max=" + max;
    return hub.get("/api/v1/runs/" + run + "/points" + query).path("series").get(0);
  }

  private static void assertBucket(JsonNode buckets, int i, List<Point> points) {
    assertThat(buckets.path("count").get(i).asInt()).isEqualTo(points.size()).isPositive();
    assertThat(buckets.path("first_step").get(i).asLong()).isEqualTo(points.get(0).step);
    assertThat(buckets.path("last_step").get(i).asLong()).isEqualTo(points.get(points.size() - 1).step);
    assertThat(number(buckets.path("first").get(i))).isEqualTo((Double) points.get(0).value);
    assertThat(number(buckets.path("last").get(i))).isEqualTo((Double) points.get(points.size() - 1).value);
    assertThat(buckets.path("nan").get(i).asLong())
        .isEqualTo(points.stream().filter(point -> Double.isNaN(point.value)).count());
    assertThat(buckets.path("pos_inf").get(i).asLong())
        .isEqualTo(points.stream().filter(point -> point.value == Double.POSITIVE_INFINITY).count());
    assertThat(buckets.path("neg_inf").get(i).asLong())
        .isEqualTo(points.stream().filter(point -> point.value == Double.NEGATIVE_INFINITY).count());
    if (finite(points).findAny().isEmpty()) {
      assertThat(buckets.path("min").get(i).isNull()).isTrue();
      return;
    }
    assertThat(buckets.path("min").get(i).asDouble()).isEqualTo(finite(points).min().orElseThrow());
    assertThat(buckets.path("max").get(i).asDouble()).isEqualTo(finite(points).max().orElseThrow());
    assertThat(buckets.path("mean").get(i).asDouble()).isCloseTo(finite(points).average().orElseThrow(), within(1e-9));
  }

  private static java.util.stream.DoubleStream finite(List<Point> points) {
    return points.stream().mapToDouble(Point::value).filter(Double::isFinite);
  }

  /** Boxed: of two of them, NaN equals NaN. */
  private static Double number(JsonNode value) {
    return value.isTextual() ? Double.valueOf(value.asText()) : (Double) value.doubleValue();
  }
}
