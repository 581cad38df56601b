package io.trainyard.tests.learning;

import io.trainyard.testkit.RecordingRun;
import java.util.Arrays;
import java.util.Locale;

/**
 * A published figure and the band in which a training has to be; any thread.
 *
 * @param what the metric, and which of its values
 * @param point the epoch or order whose value it is, from 1; 0 for what is known at the end alone
 * @param published what others have reached, as they have printed it
 * @param low included, like {@code high}; the band is wider than what seeds do
 */
record Figure(String what, int point, String published, double low, double high, Reading reading) {
  /** Takes the figure from a training that is done. */
  @FunctionalInterface
  interface Reading {
    double of(RecordingRun run) throws Exception;
  }

  /**
   * One value of a metric.
   *
   * @param counted what its values are counted by: epoch, order
   */
  static Figure at(String series, String counted, int point, String published, double low, double high) {
    return new Figure(
        series + ", " + counted + " " + point, point, published, low, high, it -> it.values(series)[point - 1]);
  }

  /** Of one epoch's test accuracy nothing can be said: it swings by 2 to 4 points. */
  static Figure bestOfLastThree(String series, String published, double low, double high) {
    return new Figure(
        series + ", best of the last three",
        0,
        published,
        low,
        high,
        it -> {
          double[] values = it.values(series);
          return Arrays.stream(values, Math.max(0, values.length - 3), values.length).max().orElseThrow();
        });
  }

  /** The lowest value of all epochs: that of the checkpoint that is kept as the best. */
  static Figure lowest(String series, String published, double most) {
    return new Figure(
        series + ", its best epoch",
        0,
        published,
        0,
        most,
        it -> Arrays.stream(it.values(series)).min().orElseThrow());
  }

  /** How many characters the last sample goes on with, as they stand in the text. */
  static Figure passage(String published, int least) {
    return new Figure(
        "characters of the book behind \"time traveller\"", 0, published, least, Double.POSITIVE_INFINITY, Passage::length);
  }

  double reached(RecordingRun run) throws Exception {
    return reading.of(run);
  }

  boolean holds(double reached) {
    return reached >= low && reached <= high;
  }

  String band() {
    boolean open = high == 1 || Double.isInfinite(high);
    return low == 0 ? "≤ " + number(high) : open ? "≥ " + number(low) : number(low) + " to " + number(high);
  }

  static String number(double value) {
    double size = Math.abs(value);
    if (size >= 10 && value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    String plain = String.format(Locale.ROOT, size < 0.01 ? "%.1e" : size < 1 ? "%.4f" : "%.4g", value);
    return plain.contains("e") ? plain.replace("e-0", "e-") : plain.replaceFirst("^0", "");
  }
}
