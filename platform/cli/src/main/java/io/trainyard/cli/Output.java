package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tables and texts for people. */
final class Output {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private Output() {}

  /** Columns as wide as their widest cell; the last one is not padded. */
  static void table(PrintWriter out, List<String> head, List<List<String>> rows) {
    int[] width = new int[head.size()];
    List<List<String>> all = new ArrayList<>();
    all.add(head);
    all.addAll(rows);
    for (List<String> row : all) {
      for (int i = 0; i < width.length; i++) {
        width[i] = Math.max(width[i], row.get(i).length());
      }
    }
    for (List<String> row : all) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < width.length; i++) {
        line.append(row.get(i));
        if (i < width.length - 1) {
          line.append(" ".repeat(width[i] - row.get(i).length() + 2));
        }
      }
      out.println(line.toString().stripTrailing());
    }
  }

  static String time(JsonNode millis) {
    return millis.isNumber() ? TIME.format(Instant.ofEpochMilli(millis.asLong()).atZone(ZoneId.systemDefault())) : "-";
  }

  static String duration(JsonNode run) {
    if (!run.path("started_at").isNumber()) {
      return "-";
    }
    long end = run.path("ended_at").isNumber() ? run.path("ended_at").asLong() : System.currentTimeMillis();
    Duration took = Duration.ofMillis(Math.max(0, end - run.path("started_at").asLong()));
    if (took.toHours() > 0) {
      return took.toHours() + "h " + took.toMinutesPart() + "m";
    }
    if (took.toMinutes() > 0) {
      return took.toMinutes() + "m " + took.toSecondsPart() + "s";
    }
    return String.format(Locale.ROOT, "%.1fs", took.toMillis() / 1000.0);
  }

  /** Six significant digits, for reading; {@code --json} has them all. */
  static String number(JsonNode value) {
    if (!value.isNumber()) {
      return value.isMissingNode() || value.isNull() ? "-" : value.asText();
    }
    double number = value.asDouble();
    if (value.isIntegralNumber() || (number == Math.rint(number) && Math.abs(number) < 1e6)) {
      return Long.toString((long) number);
    }
    return String.format(Locale.ROOT, "%.6g", number);
  }

  /** A param as one would type it. */
  static String param(JsonNode value) {
    if (value.isArray()) {
      List<String> parts = new ArrayList<>();
      value.forEach(part -> parts.add(param(part)));
      return String.join(",", parts);
    }
    return value.asText();
  }
}
