package io.trainyard.spi;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What others have reached with certain params: the chart draws it, and a run with these params says whether it is
 * inside.
 *
 * @param point which value of the series, from 1; for a metric of epochs, the epoch
 * @param source who published it, as a sentence or an address
 * @param when the params for which it holds, by name, as JSON has them; others do not matter
 */
public record Band(Metric metric, int point, double low, double high, String source, Map<String, Object> when) {
  public Band {
    if (point < 1 || !(low <= high) || Double.isInfinite(low) || Double.isInfinite(high)) {
      throw new IllegalArgumentException(
          "a band of " + metric.name() + " cannot go from " + low + " to " + high + " at point " + point
              + ": it has two finite ends, the lower one first, and points are counted from 1");
    }
    when = Map.copyOf(when);
  }

  /** From {@code low} to {@code high}, both inside; at the first point, from nowhere, for all params as yet. */
  public static Band of(Metric metric, double low, double high) {
    return new Band(metric, 1, low, high, "", Map.of());
  }

  public Band at(int point) {
    return new Band(metric, point, low, high, source, when);
  }

  public Band source(String text) {
    return new Band(metric, point, low, high, text, when);
  }

  /** Holds only where this param has this value. */
  public <T> Band when(Param<T> param, T value) {
    Map<String, Object> more = new LinkedHashMap<>(when);
    more.put(param.name(), value);
    return new Band(metric, point, low, high, source, more);
  }
}
