package io.trainyard.tests.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** Medians, and tables in Markdown, so that they can go into the README as they are. */
final class Figures {
  private Figures() {}

  static double median(double... values) {
    return percentile(values, 50);
  }

  static double percentile(double[] values, double percent) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }

  static void head(String... columns) {
    row(columns);
    String[] rule = new String[columns.length];
    Arrays.fill(rule, "---");
    row(rule);
  }

  static void row(String... cells) {
    System.out.println("| " + String.join(" | ", cells) + " |");
  }

  static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
