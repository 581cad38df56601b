package io.trainyard.tests.crash;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.tests.crash.plugin.Known;
import io.trainyard.tests.crash.plugin.KnownTask;
import io.trainyard.tests.crash.plugin.Truth;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** A run of {@link KnownTask}, with what it has logged for certain. */
final class KnownRun {
  /** How a run is launched. */
  record Pace(int steps, int stepsPerSecond, int block) {}

  private final String id;
  private final long seed;
  private final Pace pace;
  private final Truth truth;

  private KnownRun(String id, long seed, Pace pace, Truth truth) {
    this.id = id;
    this.seed = seed;
    this.pace = pace;
    this.truth = truth;
  }

  static KnownRun launch(Api api, Path truthFile, long seed, Pace pace) throws IOException {
    Truth truth = Truth.open(truthFile);
    Map<String, Object> params = new LinkedHashMap<>();
    params.put("num_steps", pace.steps);
    params.put("steps_per_second", pace.stepsPerSecond);
    params.put("block", pace.block);
    params.put("truth", truthFile.toString());
    Map<String, Object> body = Map.of("task", KnownTask.ID, "params", params, "seed", seed);
    JsonNode run = api.post("/api/v1/experiments/0/runs", 201, body);
    return new KnownRun(run.get("id").asText(), seed, pace, truth);
  }

  String id() {
    return id;
  }

  long seed() {
    return seed;
  }

  Pace pace() {
    return pace;
  }

  Truth truth() {
    return truth;
  }

  /** Whether its runner is a child of this hub, which then learns its exit status; a hub that took it over does not. */
  boolean isChildOf(HubProcess hub) {
    return ProcessHandle.of(truth.pid()).flatMap(ProcessHandle::parent).map(parent -> parent.pid() == hub.pid()).orElse(false);
  }

  /** It has begun to log, and neither come to its end nor been killed. */
  boolean training() {
    return truth.pid() != 0 && truth.done() > 0 && !truth.returned() && !Processes.commandLine(truth.pid()).isEmpty();
  }

  /** What is certain to have been logged by now. */
  Map<Known, Long> done() {
    Map<Known, Long> counts = new EnumMap<>(Known.class);
    for (Known series : Known.values()) {
      counts.put(series, truth.done(series));
    }
    return counts;
  }

  JsonNode now(Api api) {
    return api.get("/api/v1/runs/" + id);
  }

  String state(Api api) {
    return now(api).get("state").asText();
  }

  /** How many points of each series the hub says that it has. */
  Map<Known, Long> stored(Api api) {
    Map<Known, Long> counts = new EnumMap<>(Known.class);
    for (JsonNode series : api.get("/api/v1/runs/" + id + "/series").get("series")) {
      for (Known known : Known.values()) {
        if (known.series().equals(series.get("name").asText())) {
          counts.put(known, series.get("count").asLong());
        }
      }
    }
    return counts;
  }

  /** Whether the hub has at least these. */
  boolean has(Api api, Map<Known, Long> atLeast) {
    Map<Known, Long> stored = stored(api);
    return atLeast.entrySet().stream().allMatch(entry -> stored.getOrDefault(entry.getKey(), 0L) >= entry.getValue());
  }
}
