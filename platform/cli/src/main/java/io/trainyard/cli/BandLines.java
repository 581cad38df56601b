package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Says of a run whether it is inside what others have reached. */
final class BandLines {
  private BandLines() {}

  /** A line for each band that holds for the run and whose point is there, then who published them. */
  static List<String> of(JsonNode run) {
    List<String> lines = new ArrayList<>();
    Set<String> sources = new LinkedHashSet<>();
    for (JsonNode band : run.path("bands")) {
      if (band.path("inside").isNull()) {
        continue;
      }
      sources.add(band.path("source").asText());
      lines.add(
          (band.path("inside").asBoolean() ? "inside" : "OUTSIDE") + " the reference band: "
              + band.path("metric").asText() + " at point " + band.path("point").asText() + " is "
              + Output.number(band.path("value")) + ", published " + Output.number(band.path("low")) + " to "
              + Output.number(band.path("high")));
    }
    sources.remove("");
    sources.forEach(source -> lines.add("published by: " + source));
    return lines;
  }
}
