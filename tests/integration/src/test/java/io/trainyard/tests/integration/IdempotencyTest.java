package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A write with a key happens once, however often it is sent. */
final class IdempotencyTest {
  private static final String LAUNCH = "/api/v1/experiments/0/runs";

  @TempDir static Path folder;
  private static LiveHub hub;

  @BeforeAll
  static void start() throws Exception {
    Path home = folder.resolve("home");
    Lab.install(home);
    hub = LiveHub.up(home, "--slots", "0");
  }

  @AfterAll
  static void stop() throws Exception {
    hub.close();
  }

  private static Api key(String key) {
    return hub.api().with("Idempotency-Key", key);
  }

  private static int runs() throws Exception {
    return hub.get("/api/v1/runs").path("total").asInt();
  }

  @Test
  void aLaunchThatIsSentAgainIsTheSameRun() throws Exception {
    Map<String, Object> body = Map.of("task", "lab", "params", Map.of("steps", 5));
    int before = runs();
    JsonNode first = key("launch-1").post(LAUNCH, body).is(201).json();
    JsonNode second = key("launch-1").post(LAUNCH, body).is(201).json();
    assertThat(second.path("id")).isEqualTo(first.path("id"));
    assertThat(runs()).isEqualTo(before + 1);
    // Without a key, or with another one, it is another run.
    assertThat(hub.api().post(LAUNCH, body).is(201).json().path("id")).isNotEqualTo(first.path("id"));
    assertThat(key("launch-2").post(LAUNCH, body).is(201).json().path("id")).isNotEqualTo(first.path("id"));
    assertThat(runs()).isEqualTo(before + 3);
  }

  @Test
  void theSameKeyForAnotherRequestIsRefused() throws Exception {
    key("reused").post(LAUNCH, Map.of("task", "lab")).is(201);
    int before = runs();
    key("reused").post(LAUNCH, Map.of("task", "lab", "seed", 4)).problem(422);
    key("reused").post("/api/v1/experiments", Map.of("name", "By reused key")).problem(422);
    assertThat(runs()).isEqualTo(before);
  }

  @Test
  void aRefusedRequestDoesNotUseItsKeyUp() throws Exception {
    key("second try").post(LAUNCH, Map.of("task", "lab", "params", Map.of("steps", 0))).problem(400);
    key("second try").post(LAUNCH, Map.of("task", "lab", "params", Map.of("steps", 1))).is(201);
  }

  @Test
  void experimentsPointsAndEndsAreWrittenOnce() throws Exception {
    Api.Answer experiment = key("e").post("/api/v1/experiments", Map.of("name", "Once")).is(201);
    assertThat(key("e").post("/api/v1/experiments", Map.of("name", "Once")).is(201).json().path("id"))
        .isEqualTo(experiment.json().path("id"));
    hub.api().post("/api/v1/experiments", Map.of("name", "Once")).problem(409);

    String id = hub.api().post("/api/v1/experiments/0/tracked-runs", Map.of()).is(201).json().path("id").asText();
    Map<String, Object> points =
        Map.of("series", List.of(Map.of("name", "a", "steps", List.of(1, 2), "values", List.of(0.5, 0.25))));
    for (int i = 0; i < 3; i++) {
      assertThat(key("p").post("/api/v1/runs/" + id + "/points", points).is(200).json().path("accepted").asInt())
          .isEqualTo(2);
    }
    assertThat(hub.points(id, "a").path("count").asInt()).isEqualTo(2);
    for (int i = 0; i < 2; i++) {
      key("end").post("/api/v1/runs/" + id + "/end", Map.of("state", "FINISHED")).is(200);
    }
    hub.api().post("/api/v1/runs/" + id + "/end", Map.of("state", "FINISHED")).problem(409);
  }

  @Test
  void keysOutliveTheHub() throws Exception {
    Path home = folder.resolve("second-home");
    Lab.install(home);
    Map<String, Object> body = Map.of("task", "lab");
    String first;
    try (LiveHub one = LiveHub.up(home, "--slots", "0")) {
      first = one.api().with("Idempotency-Key", "kept").post(LAUNCH, body).is(201).json().path("id").asText();
      one.kill();
    }
    try (LiveHub two = LiveHub.up(home, "--slots", "0")) {
      assertThat(two.api().with("Idempotency-Key", "kept").post(LAUNCH, body).is(201).json().path("id").asText())
          .isEqualTo(first);
      assertThat(two.get("/api/v1/runs").path("total").asInt()).isEqualTo(1);
    }
  }

  @Test
  void aKeyThatIsNoneIsRefused() throws Exception {
    key("x".repeat(129)).post(LAUNCH, Map.of("task", "lab")).problem(400);
    key("tab\tinside").post(LAUNCH, Map.of("task", "lab")).problem(400);
  }
}
