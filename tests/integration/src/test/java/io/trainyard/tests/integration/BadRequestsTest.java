package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that cannot be: each gets a problem that says what, and none changes anything. */
final class BadRequestsTest {
  private static final String LAUNCH = "/api/v1/experiments/0/runs";
  private static final String TRACK = "/api/v1/experiments/0/tracked-runs";

  @TempDir static Path folder;
  private static LiveHub hub;
  private int before;

  @BeforeAll
  static void start() throws Exception {
    Path home = folder.resolve("home");
    Lab.install(home);
    // No slot: whatever was launched by mistake would stay in the list.
    hub = LiveHub.up(home, "--slots", "0");
  }

  @AfterAll
  static void stop() throws Exception {
    hub.close();
  }

  @BeforeEach
  void count() throws Exception {
    before = hub.get("/api/v1/runs").path("total").asInt();
  }

  @AfterEach
  void nothingHasHappened() throws Exception {
    assertThat(hub.get("/api/v1/runs").path("total").asInt()).isEqualTo(before);
  }

  @Test
  void everyBadParamIsNamedAtOnce() throws Exception {
    Api.Answer answer =
        hub.tryToLaunch(
            "lab",
            LiveHub.params(
                "act", "dance", "steps", 0, "pause_ms", "soon", "learning_rate", 0, "shuffle", 1, "weights",
                List.of(1, "x", 3), "clip", -1,
                "learning_rat", 3));
    assertThat(answer.badFields())
        .containsExactlyInAnyOrder(
            "params.act", "params.steps", "params.pause_ms", "params.learning_rate", "params.shuffle",
            "params.weights[1]", "params.clip",
            "params.learning_rat");
    JsonNode problem = answer.json();
    assertThat(problem.path("instance").asText()).isEqualTo(LAUNCH);
    assertThat(problem.path("detail").asText()).isEqualTo("8 of the params are not valid.");
    assertThat(message(problem, "params.learning_rat")).contains("did you mean learning_rate?");
    assertThat(message(problem, "params.learning_rate")).isEqualTo("must be greater than 0, but is 0");
    assertThat(message(problem, "params.act")).contains("must be one of finish, throw").contains("\"dance\"");
  }

  @Test
  void aNumberOutOfTheRangeOfItsTypeIsABadParam() throws Exception {
    String body =
        "{\"task\":\"lab\",\"params\":{\"steps\":99999999999999999999,\"learning_rate\":1e999,\"pause_ms\":1.5}}";
    assertThat(json("POST", LAUNCH, body).badFields())
        .containsExactlyInAnyOrder("params.steps", "params.learning_rate", "params.pause_ms");
  }

  @Test
  void anUnknownTaskIsNamedWithTheNearestOne() throws Exception {
    Api.Answer answer = hub.tryToLaunch("linrge", Map.of());
    assertThat(answer.badFields()).containsExactly("task");
    assertThat(message(answer.json(), "task")).contains("did you mean linreg?");
  }

  @Test
  void fieldsOfTheBodyAreCheckedTogether() throws Exception {
    Map<String, Object> body =
        LiveHub.params("task", 7, "seed", "x", "name", "", "tags", List.of(), "notes", 1, "params", "none", "colour",
            "red");
    assertThat(hub.api().post(LAUNCH, body).badFields())
        .containsExactlyInAnyOrder("task", "seed", "name", "tags", "notes", "params", "colour");
    assertThat(hub.api().post(LAUNCH, Map.of()).badFields()).containsExactly("task");
    Map<String, Object> both = Map.of("task", "lab", "seed", "x", "params", Map.of("steps", 0, "act", "dance"));
    assertThat(hub.api().post(LAUNCH, both).badFields())
        .containsExactlyInAnyOrder("seed", "params.steps", "params.act");
    assertThat(hub.api().post("/api/v1/experiments", Map.of("nmae", "x")).badFields())
        .containsExactlyInAnyOrder("name", "nmae");
    assertThat(hub.api().post(LAUNCH, Map.of("task", "lab", "data", "/no/such/folder")).badFields())
        .containsExactly("data");
  }

  @Test
  void paramsOfAQueryAreCheckedTogether() throws Exception {
    assertThat(hub.api().get("/api/v1/runs?limit=0&offset=-1&order=up&sort=age&state=DEAD&colour=red").badFields())
        .containsExactlyInAnyOrder("limit", "offset", "order", "sort", "state", "colour");
  }

  @Test
  void whatIsNoJsonIsRefused() throws Exception {
    for (String body : List.of("{\"task\":\"lab\"", "nonsense", "{'task':'lab'}", "[]", "7",
        "{\"task\":\"lab\"} trailing", "")) {
      JsonNode problem = json("POST", LAUNCH, body).problem(400);
      assertThat(problem.path("detail").asText()).as(body).doesNotContain("Exception");
    }
    json("POST", LAUNCH, "{\"task\":\"lab\",\"task\":\"linreg\"}").problem(400);
    // Not UTF-8.
    byte[] latin = "{\"task\":\"l\u00e4b\"}".getBytes(StandardCharsets.ISO_8859_1);
    hub.api().with("Content-Type", "application/json").send("POST", LAUNCH, latin).problem(400);
  }

  @Test
  void jsonThatIsTooDeepIsRefused() throws Exception {
    String deep = "[".repeat(70) + "]".repeat(70);
    json("POST", LAUNCH, "{\"task\":\"lab\",\"params\":{\"weights\":" + deep + "}}").problem(400);
    json("POST", LAUNCH, "[".repeat(1_000_000)).problem(400);
  }

  @Test
  void aBodyOfMoreThan16MiBIsRefused() throws Exception {
    byte[] body = ("{\"notes\":\"" + "x".repeat((16 << 20) + 1) + "\"}").getBytes(StandardCharsets.US_ASCII);
    JsonNode problem = hub.api().with("Content-Type", "application/json").send("POST", TRACK, body).problem(413);
    assertThat(problem.path("detail").asText()).contains("16 MiB");
    hub.api().get("/livez").is(200);
  }

  @Test
  void aBodyThatIsNotDeclaredAsJsonIsRefused() throws Exception {
    byte[] body = "{\"task\":\"lab\"}".getBytes(StandardCharsets.US_ASCII);
    for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")) {
      hub.api().with("Content-Type", type).send("POST", LAUNCH, body).problem(415);
    }
    hub.api().send("POST", LAUNCH, body).problem(415);
    hub.api().with("Content-Type", "application/json").with("Content-Encoding", "gzip").send("POST", LAUNCH, body)
        .problem(415);
  }

  @Test
  void pathsAndMethodsThatAreNotThereAreProblemsToo() throws Exception {
    hub.api().get("/api/v1/nonesuch").problem(404);
    hub.api().get("/api/v1/runs/nonesuch").problem(404);
    hub.api().get("/api/v1/runs/ffffffffffffffffffffffffffffffff").problem(404);
    hub.api().get("/api/v1/runs/abcdef").problem(404);
    hub.api().get("/api/v1/experiments/99").problem(404);
    hub.api().get("/api/v1/tasks/nonesuch").problem(404);
    hub.api().post("/api/v1/experiments/99/runs", Map.of("task", "lab")).problem(404);
    Api.Answer wrongMethod = hub.api().send("PUT", "/api/v1/runs", null);
    wrongMethod.problem(405);
    assertThat(wrongMethod.header("Allow").orElse("")).contains("GET");
  }

  private static Api.Answer json(String method, String path, String body) throws Exception {
    return hub.api().with("Content-Type", "application/json").send(method, path, body.getBytes(StandardCharsets.UTF_8));
  }

  private static String message(JsonNode problem, String field) {
    for (JsonNode error : problem.path("errors")) {
      if (error.path("field").asText().equals(field)) {
        return error.path("message").asText();
      }
    }
    return "";
  }
}
