package io.trainyard.tests.crash;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.tests.crash.plugin.Known;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Holds what a hub answers against what a run has logged: every point there, once, with its bits, in the order that the API promises (by
 * step, then as logged). Stateless.
 */
final class PointCheck {
  private PointCheck() {}

  /**
   * Checks a run that may be training; answers how many points were compared.
   *
   * @param done what must be there
   */
  static long check(Api api, KnownRun run, Map<Known, Long> done) {
    Map<Known, Export.Series> stored = Export.of(api, run);
    long compared = 0;
    for (Known series : Known.values()) {
      Export.Series points = stored.get(series);
      // Asked after the answer: it may hold what was logged until then.
      long begun = run.truth().begun(series);
      if (points.count < done.get(series)) {
        throw new AssertionError(name(run, series) + ": " + done.get(series) + " points were logged, but only " + points.count + " are there");
      }
      if (points.count > begun) {
        throw new AssertionError(name(run, series) + ": only " + begun + " points were logged, but " + points.count + " are there");
      }
      compare(run, series, points);
      compared += points.count;
    }
    return compared;
  }

  /** Checks a run that has ended: its points, and the summaries that are shown of them. */
  static long checkEnded(Api api, KnownRun run) {
    long compared = check(api, run, run.done());
    JsonNode answer = api.get("/api/v1/runs/" + run.id() + "/series").get("series");
    for (JsonNode summary : answer) {
      for (Known series : Known.values()) {
        if (series.series().equals(summary.get("name").asText())) {
          summarize(run, series, summary);
        }
      }
    }
    return compared;
  }

  private static void compare(KnownRun run, Known series, Export.Series points) {
    long[] order = ordered(series, points.count);
    for (int i = 0; i < points.count; i++) {
      long step = series.step(order[i]);
      double value = series.value(run.seed(), order[i]);
      if (points.steps[i] != step || Double.doubleToLongBits(points.values[i]) != Double.doubleToLongBits(value)) {
        throw new AssertionError(
            name(run, series) + ": point " + i + " of " + points.count + " should be " + value + " at step " + step + ", but is "
                + points.values[i] + " at step " + points.steps[i]);
      }
      if (points.times[i] <= 0) {
        throw new AssertionError(name(run, series) + ": point " + i + " has the time " + points.times[i]);
      }
    }
  }

  /**
   * Checks a run that has lost points, and says so: what is there was logged, and is there no more often than it was logged.
   *
   * @return how many are there
   */
  static long checkSubset(Api api, KnownRun run) {
    long there = 0;
    Map<Known, Export.Series> stored = Export.of(api, run);
    for (Known series : Known.values()) {
      Map<String, Integer> logged = new HashMap<>();
      for (long index = 0; index < run.truth().begun(series); index++) {
        logged.merge(series.step(index) + "=" + Double.doubleToLongBits(series.value(run.seed(), index)), 1, Integer::sum);
      }
      Export.Series points = stored.get(series);
      for (int i = 0; i < points.count; i++) {
        String point = points.steps[i] + "=" + Double.doubleToLongBits(points.values[i]);
        if (logged.merge(point, -1, Integer::sum) < 0) {
          throw new AssertionError(
              name(run, series) + ": " + points.values[i] + " at step " + points.steps[i] + " is there more often than it was logged");
        }
      }
      there += points.count;
    }
    return there;
  }

  /** The first indices of a series in the order of their steps; those of one step as they were logged. */
  private static long[] ordered(Known series, int count) {
    Long[] order = new Long[count];
    Arrays.setAll(order, i -> (long) i);
    Arrays.sort(order, (a, b) -> Long.compare(series.step(a), series.step(b)));
    return Arrays.stream(order).mapToLong(Long::longValue).toArray();
  }

  private static void summarize(KnownRun run, Known series, JsonNode summary) {
    int count = summary.get("count").asInt();
    long[] order = ordered(series, count);
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    long nan = 0;
    for (long index : order) {
      double value = series.value(run.seed(), index);
      nan += Double.isNaN(value) ? 1 : 0;
      if (Double.isFinite(value)) {
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
    }
    equal(run, series, "nan", nan, summary.get("nan").asLong());
    if (count > 0) {
      long last = order[count - 1];
      equal(run, series, "last_step", series.step(last), summary.get("last_step").asLong());
      equal(run, series, "last", series.value(run.seed(), last), number(summary.get("last")));
    }
    if (min <= max) {
      equal(run, series, "min", min, number(summary.get("min")));
      equal(run, series, "max", max, number(summary.get("max")));
    }
  }

  private static double number(JsonNode value) {
    return value.isTextual() ? Double.parseDouble(value.asText()) : value.asDouble();
  }

  private static void equal(KnownRun run, Known series, String what, double expected, double found) {
    if (Double.doubleToLongBits(expected) != Double.doubleToLongBits(found)) {
      throw new AssertionError(name(run, series) + ": " + what + " is " + found + " instead of " + expected);
    }
  }

  private static String name(KnownRun run, Known series) {
    return "run " + run.id() + " " + series.series();
  }
}
