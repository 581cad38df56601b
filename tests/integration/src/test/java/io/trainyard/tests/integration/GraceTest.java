package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.core.run.Home;
import io.trainyard.hub.Hub;
import io.trainyard.hub.HubConfig;
import io.trainyard.hub.meters.RunMeters;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus sees a run's last values for a grace period after its end; in this process, where it is short. */
final class GraceTest {
  private static final long GRACE_MS = 1_500;

  @TempDir Path folder;

  @Test
  void theSeriesOfARunAreGoneAfterTheGrace() throws Exception {
    HubConfig config = HubConfig.of(new Home(folder.resolve("home")), Program.dist().resolve("trainyard.jar"));
    try (Hub hub = Hub.start(config.server(config.server().port(0).slots(0)
        .meters(new RunMeters.Limits(10, 10, GRACE_MS))))) {
      Api api = new Api(hub.url(), Map.of());
      String id = api.post("/api/v1/experiments/0/tracked-runs", Map.of()).is(201).json().path("id").asText();
      Map<String, Object> series =
          Map.of("name", "train/loss", "steps", List.of(1, 3, 2), "values", List.of(0.5, 0.25, 7));
      api.post("/api/v1/runs/" + id + "/points", Map.of("series", List.of(series))).is(200);
      // The latest is that of the highest step.
      Eventually.that("its loss", 5, () -> loss(api, id).endsWith(" 0.25"));
      long ended = System.nanoTime();
      api.post("/api/v1/runs/" + id + "/end", Map.of("state", "FINISHED")).is(200);
      if ((System.nanoTime() - ended) / 1_000_000 < GRACE_MS / 2) {
        assertThat(loss(api, id)).endsWith(" 0.25");
      }
      Eventually.that("its loss to go", 10, () -> loss(api, id).isEmpty());
      assertThat((System.nanoTime() - ended) / 1_000_000).isGreaterThanOrEqualTo(GRACE_MS);
      assertThat(api.get("/metrics").text()).doesNotContain(id);
    }
  }

  private static String loss(Api api, String run) throws Exception {
    return api.get("/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith("trainyard_run_loss{") && line.contains(run))
        .findFirst()
        .orElse("");
  }
}
