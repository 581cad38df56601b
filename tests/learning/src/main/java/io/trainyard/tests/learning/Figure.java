package io.trainyard.tests.learning;

import io.trainyard.testkit.RecordingRun;
import java.util.Arrays;
import java.util.Locale;

/**
 * A published figure and the band in which a training has to be; any thread.
 *
 * @param series the metric
 * @param counted what the values of the series are counted by: epoch, order
 * @param point whose value, from 1; 0 for the best of the last three
 * @param published what others have reached, as they have printed it
 * @param low included, like {@code high}; the band is wider than what seeds do
 */
record Figure(String series, String counted, int point, String published, double low, double high) {
  /** Of one epoch's test accuracy nothing can be said: it swings by 2 to 4 points. */
  static Figure bestOfLastThree(String series, String published, double low, double high) {
    return new Figure(series, "epoch", 0, published, low, high);
  }

  double reached(RecordingRun run) {
    double[] values = run.values(series);
    return point > 0
        ? values[point - 1]
        : Arrays.stream(values, Math.max(0, values.length - 3), values.length).max().orElseThrow();
  }

  boolean holds(double reached) {
    return reached >= low && reached <= high;
  }

  String what() {
    return series + (point > 0 ? ", " + counted + " " + point : ", best of the last three");
  }

  String band() {
    return low == 0 ? "≤ " + number(high) : high == 1 ? "≥ " + number(low) : number(low) + " to " + number(high);
  }

  static String number(double value) {
    double size = Math.abs(value);
    String plain = String.format(Locale.ROOT, size < 0.01 ? "%.1e" : size < 1 ? "%.4f" : "%.4g", value);
    return plain.contains("e") ? plain.replace("e-0", "e-") : plain.replaceFirst("^0", "");
  }
}
