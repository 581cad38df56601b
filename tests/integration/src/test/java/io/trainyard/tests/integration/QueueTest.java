package io.trainyard.tests.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two slots, and more runs than that. */
final class QueueTest {
  private static final Map<String, Object> LONG = LiveHub.params("steps", 100_000, "pause_ms", 5);

  @TempDir static Path folder;
  private static LiveHub hub;

  @BeforeAll
  static void start() throws Exception {
    Path home = folder.resolve("home");
    Lab.install(home);
    hub = LiveHub.up(home, "--slots", "2");
  }

  @AfterAll
  static void stop() throws Exception {
    hub.close();
  }

  @Test
  void ofFourRunsTwoRunAndTwoWaitAndTheOrderIsKept() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ids.add(hub.launch("lab", LONG));
    }
    hub.untilStep(ids.get(0), 1);
    hub.untilStep(ids.get(1), 1);
    assertThat(states(ids)).containsExactly("RUNNING", "RUNNING", "QUEUED", "QUEUED");
    JsonNode status = hub.get("/api/v1/hub");
    assertThat(status.path("slots").asInt()).isEqualTo(2);
    assertThat(status.path("running").asInt()).isEqualTo(2);
    assertThat(status.path("queued").asInt()).isEqualTo(2);
    assertThat(hub.run(ids.get(2)).path("attempt").asInt()).isZero();
    assertThat(hub.run(ids.get(2)).path("started_at").isNull()).isTrue();

    // The younger of the running two goes: the first that waits gets its slot.
    stop(ids.get(1));
    hub.untilRunning(ids.get(2));
    assertThat(states(ids)).containsExactly("RUNNING", "STOPPED", "RUNNING", "QUEUED");
    stop(ids.get(0));
    hub.untilRunning(ids.get(3));
    stop(ids.get(2));
    stop(ids.get(3));
    List<Long> started = new ArrayList<>();
    for (String id : ids) {
      started.add(hub.run(id).path("started_at").asLong());
    }
    assertThat(started).isSorted();
    Eventually.that("free slots", 5, () -> hub.get("/api/v1/hub").path("running").asInt() == 0);
  }

  @Test
  void aQueuedRunThatIsRenamedKeepsItsPlace() throws Exception {
    String one = hub.launch("lab", LONG);
    String two = hub.launch("lab", LONG);
    String third = hub.launch("lab", LONG);
    String fourth = hub.launch("lab", LONG);
    Api json = hub.api().with("Content-Type", "application/json");
    json.send("PATCH", "/api/v1/runs/" + third, "{\"name\":\"renamed\"}".getBytes(UTF_8)).is(200);
    stop(one);
    hub.untilRunning(third);
    assertThat(states(List.of(fourth))).containsExactly("QUEUED");
    stop(fourth);
    stop(two);
    stop(third);
  }

  @Test
  void aStopThatIsSentAgainWithItsKeyIsAnsweredAgainThoughTheRunHasEnded() throws Exception {
    String id = hub.launch("lab", LONG);
    hub.untilStep(id, 1);
    Api again = hub.api().with("Idempotency-Key", "stop-once");
    again.post("/api/v1/runs/" + id + "/stop", Map.of()).is(202);
    assertThat(hub.untilEnd(id).path("state").asText()).isEqualTo("STOPPED");
    JsonNode second = again.post("/api/v1/runs/" + id + "/stop", Map.of()).is(202).json();
    assertThat(second.path("state").asText()).isEqualTo("STOPPED");
    again.post("/api/v1/runs/" + id + "/stop", Map.of("force", true)).problem(422);
    hub.api().post("/api/v1/runs/" + id + "/stop", Map.of()).problem(409);
  }

  @Test
  void aQueuedRunThatIsStoppedNeverStarts() throws Exception {
    String one = hub.launch("lab", LONG);
    String two = hub.launch("lab", LONG);
    String waits = hub.launch("lab", LONG);
    JsonNode stopped = hub.api().post("/api/v1/runs/" + waits + "/stop", Map.of()).is(202).json();
    assertThat(stopped.path("state").asText()).isEqualTo("STOPPED");
    stop(one);
    stop(two);
    JsonNode after = hub.run(waits);
    assertThat(after.path("state").asText()).isEqualTo("STOPPED");
    assertThat(after.path("attempts").isEmpty()).isTrue();
    assertThat(after.path("metrics").isEmpty()).isTrue();
    hub.api().post("/api/v1/runs/" + waits + "/stop", Map.of()).problem(409);
  }

  @Test
  void aRunningRunThatIsStoppedKeepsAllItsPoints() throws Exception {
    String id = hub.launch("lab", LONG);
    hub.untilStep(id, 10);
    JsonNode asked = hub.api().post("/api/v1/runs/" + id + "/stop", Map.of()).is(202).json();
    assertThat(asked.path("state").asText().equals("STOPPED") || asked.path("stopping").asBoolean()).isTrue();
    JsonNode run = hub.untilEnd(id);
    assertThat(run.path("state").asText()).isEqualTo("STOPPED");
    assertThat(run.path("lost_points").asLong()).isZero();
    JsonNode steps = hub.points(id, "train/loss").path("steps");
    assertThat(steps.size()).isGreaterThanOrEqualTo(10);
    for (int i = 0; i < steps.size(); i++) {
      assertThat(steps.get(i).asLong()).isEqualTo(i + 1L);
    }
    assertThat(run.path("reason").asText()).isEqualTo("stopped after step " + steps.size());
    assertThat(run.path("attempts").get(0).path("outcome").asText()).isEqualTo("STOPPED");
  }

  @Test
  void aTaskThatIgnoresTheStopIsKilledAfterTheGrace() throws Exception {
    String id = hub.launch("lab", LiveHub.params("act", "hang", "steps", 5));
    hub.untilStep(id, 5);
    hub.api().post("/api/v1/runs/" + id + "/stop", Map.of()).is(202);
    assertThat(hub.run(id).path("stopping").asBoolean()).isTrue();
    JsonNode run = hub.untilEnd(id);
    assertThat(run.path("state").asText()).isEqualTo("STOPPED");
    assertThat(run.path("reason").asText()).isEqualTo("It did not stop within 10.0 s and was killed.");
    assertThat(run.path("metrics").path("train/loss").path("count").asInt()).isEqualTo(5);
    assertThat(hub.runners()).isEmpty();
  }

  @Test
  void aForcedStopKillsAtOnceAndKeepsThePoints() throws Exception {
    String id = hub.launch("lab", LiveHub.params("act", "hang", "steps", 5));
    hub.untilStep(id, 5);
    long began = System.nanoTime();
    hub.api().post("/api/v1/runs/" + id + "/stop", Map.of("force", true)).is(202);
    JsonNode run = hub.untilEnd(id);
    assertThat((System.nanoTime() - began) / 1_000_000).isLessThan(5_000);
    assertThat(run.path("state").asText()).isEqualTo("STOPPED");
    assertThat(run.path("reason").asText()).isEqualTo("It was killed by request.");
    assertThat(run.path("metrics").path("train/loss").path("count").asInt()).isEqualTo(5);
  }

  private static List<String> states(List<String> ids) throws Exception {
    List<String> states = new ArrayList<>();
    for (String id : ids) {
      states.add(hub.run(id).path("state").asText());
    }
    return states;
  }

  private static void stop(String id) throws Exception {
    hub.api().post("/api/v1/runs/" + id + "/stop", Map.of()).is(202);
    assertThat(hub.untilEnd(id).path("state").asText()).isEqualTo("STOPPED");
  }
}
