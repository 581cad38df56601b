package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hub is killed while runs train; the next one finds them. The rest of this is in tests/crash. */
final class HubDeathTest {
  private static final int STEPS = 600;

  @TempDir Path folder;

  @Test
  void theRunnerTrainsOnAndEveryPointIsThereAfterwards() throws Exception {
    Path home = folder.resolve("home");
    Lab.install(home);
    String running;
    String queued;
    long pid;
    try (LiveHub hub = LiveHub.up(home, "--slots", "1")) {
      running = hub.launch("lab", LiveHub.params("steps", STEPS, "pause_ms", 10));
      queued = hub.launch("lab", LiveHub.params("steps", 5));
      hub.untilStep(running, 20);
      pid = hub.runners().get(0).pid();
      hub.kill();
      assertThat(ProcessHandle.of(pid)).hasValueSatisfying(runner -> assertThat(runner.isAlive()).isTrue());
      try (LiveHub next = LiveHub.up(home, "--slots", "1")) {
        JsonNode found = next.run(running);
        assertThat(found.path("state").asText()).isEqualTo("RUNNING");
        assertThat(found.path("attempt").asInt()).isEqualTo(1);
        JsonNode run = next.untilEnd(running);
        assertThat(run.path("state").asText()).as(run.path("reason").asText()).isEqualTo("FINISHED");
        assertThat(run.path("lost_points").asLong()).isZero();
        assertThat(run.path("provenance").path("pid").asLong()).isEqualTo(pid);
        for (String series : new String[] {"train/loss", "grad/norm"}) {
          JsonNode steps = next.points(running, series).path("steps");
          assertThat(steps).hasSize(STEPS);
          for (int i = 0; i < STEPS; i++) {
            assertThat(steps.get(i).asLong()).isEqualTo(i + 1L);
          }
        }
        assertThat(next.untilEnd(queued).path("state").asText()).isEqualTo("FINISHED");
        assertThat(Program.at(home).run("verify").exit()).isZero();
      }
    }
  }

  @Test
  void aRunnerThatDiedWithTheHubFailedAndItsPointsArrive() throws Exception {
    Path home = folder.resolve("home");
    Lab.install(home);
    String id;
    int seen;
    try (LiveHub hub = LiveHub.up(home)) {
      id = hub.launch("lab", LiveHub.params("steps", 100_000, "pause_ms", 1));
      hub.untilStep(id, 50);
      hub.kill();
      hub.runners().forEach(ProcessHandle::destroyForcibly);
      seen = 50;
    }
    try (LiveHub next = LiveHub.up(home)) {
      JsonNode run = next.untilEnd(id);
      assertThat(run.path("state").asText()).isEqualTo("FAILED");
      assertThat(run.path("reason").asText()).isNotBlank();
      JsonNode steps = next.points(id, "train/loss").path("steps");
      assertThat(steps.size()).isGreaterThanOrEqualTo(seen);
      for (int i = 0; i < steps.size(); i++) {
        assertThat(steps.get(i).asLong()).isEqualTo(i + 1L);
      }
    }
  }
}
