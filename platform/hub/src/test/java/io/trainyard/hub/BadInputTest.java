package io.trainyard.hub;

import static io.trainyard.hub.TestHub.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way to ask for nonsense is answered by a problem that says what, where, and the way out. */
class BadInputTest {
  private static final String LAUNCH = "/api/v1/experiments/0/runs";

  @TempDir Path folder;
  private TestHub hub;

  @BeforeEach
  void start() {
    hub = new TestHub(folder);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private JsonNode problem(int status, HttpResponse<String> response) throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonNode problem = json(response);
    assertThat(Schema.ofBuild().check("Problem", problem)).isEmpty();
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    return problem;
  }

  @Test
  void badParamsAreNamedAllAtOnce() throws Exception {
    JsonNode problem = problem(400, hub.post(LAUNCH, "{\"task\":\"linreg\",\"params\":{\"learning_rate\":-1,\"true_w\":[]}}"));
    assertThat(problem.get("detail").asText()).isEqualTo("2 of the params are not valid.");
    assertThat(problem.get("errors").get(0).toString())
        .isEqualTo("{\"field\":\"params.learning_rate\",\"message\":\"must be greater than 0, but is -1\"}");
    assertThat(problem.get("instance").asText()).isEqualTo(LAUNCH);
  }

  @Test
  void badFieldsAreNamedAllAtOnce() throws Exception {
    JsonNode problem =
        problem(400, hub.post(LAUNCH, "{\"params\":{\"a\":{},\"b\":[[1]]},\"seed\":1.5,\"name\":\"\",\"tags\":{\"t\":1},\"sneed\":1,\"source\":{\"x\":\"\"}}"));
    assertThat(problem.get("errors").findValuesAsText("field"))
        .containsExactlyInAnyOrder("task", "params.a", "params.b[0]", "seed", "name", "tags.t", "sneed", "source.x");
    assertThat(problem.get("errors").toString()).contains("is not a field here; there are task, params, seed");
  }

  @Test
  void unknownTasks() throws Exception {
    assertThat(problem(400, hub.post(LAUNCH, "{\"task\":\"linerg\"}")).get("errors").get(0).get("field").asText()).isEqualTo("task");
    problem(404, hub.get("/api/v1/tasks/linerg"));
  }

  @Test
  void badQueriesAreNamedAllAtOnce() throws Exception {
    JsonNode problem = problem(400, hub.get("/api/v1/runs?limit=0&offset=-1&sort=x&order=up&state=DONE&deleted=maybe&colour=red"));
    assertThat(problem.get("errors").findValuesAsText("field"))
        .containsExactlyInAnyOrder("limit", "offset", "sort", "order", "state", "deleted", "colour");
  }

  @Test
  void malformedJsonIsLocated() throws Exception {
    assertThat(problem(400, hub.post("/api/v1/experiments", "{\n \"name\": nope}")).get("detail").asText()).contains("line 2, column ");
    problem(400, hub.post("/api/v1/experiments", "{\"name\":\"a\"} x"));
    problem(400, hub.post("/api/v1/experiments", "{\"name\":\"a\",\"name\":\"b\"}"));
    problem(400, hub.post("/api/v1/experiments", "[]"));
    problem(400, hub.post("/api/v1/experiments", ""));
    problem(400, hub.post("/api/v1/experiments", "{\"name\":\"\u0000\"}"));
    problem(400, hub.post("/api/v1/runs/" + hub.tracked("{}") + "/points", "{\"series\":[{\"name\":"));
  }

  @Test
  void jsonThatIsTooDeep() throws Exception {
    String deep = "{\"params\":{\"a\":" + "[".repeat(70) + "]".repeat(70) + "}}";
    assertThat(problem(400, hub.post("/api/v1/experiments/0/tracked-runs", deep)).get("detail").asText()).contains("64 levels");
    String id = hub.tracked("{}");
    assertThat(problem(400, hub.post("/api/v1/runs/" + id + "/points", "{\"x\":" + "[".repeat(100_000))).get("detail").asText()).contains("64 levels");
  }

  @Test
  void bodiesThatAreTooLarge() throws Exception {
    byte[] large = new byte[(16 << 20) + 1];
    HttpRequest.Builder request = hub.launching("/api/v1/experiments").header("Content-Type", "application/json");
    assertThat(problem(413, hub.send(request.POST(HttpRequest.BodyPublishers.ofByteArray(large)))).get("detail").asText()).contains("16 MiB");
    // Without a length that says so before.
    problem(413, hub.send(request.POST(HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large)))));
    assertThat(hub.get("/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void bodiesOfAnotherKind() throws Exception {
    HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString("{\"name\":\"a\"}");
    problem(415, hub.send(hub.launching("/api/v1/experiments").POST(body)));
    problem(415, hub.send(hub.launching("/api/v1/experiments").header("Content-Type", "text/plain").POST(body)));
    problem(
        415,
        hub.send(hub.launching("/api/v1/experiments").header("Content-Type", "application/json").header("Content-Encoding", "gzip").POST(body)));
    assertThat(hub.send(hub.launching("/api/v1/experiments").header("Content-Type", "application/json; charset=utf-8").POST(body)).statusCode())
        .isEqualTo(201);
  }

  @Test
  void pointsThatAreNone() throws Exception {
    String points = "/api/v1/runs/" + hub.tracked("{}") + "/points";
    JsonNode problem =
        problem(
            400,
            hub.post(
                points,
                "{\"series\":[{\"name\":\"a,b\",\"steps\":[1.5],\"values\":[1]},{\"name\":\"x\",\"steps\":[1,2],\"values\":[1]},"
                    + "{\"steps\":[99999999999999999999],\"values\":[1e999,\"nan\",null]},7,{\"name\":\"y\",\"steps\":[1],\"times\":[],\"values\":[1],\"z\":0}],\"more\":1}"));
    assertThat(problem.get("errors").findValuesAsText("field"))
        .containsExactlyInAnyOrder(
            "series[0].name", "series[0].steps[0]", "series[1].values", "series[2].name", "series[2].steps[0]", "series[2].values[0]",
            "series[2].values[1]", "series[2].values[2]", "series[3]", "series[4].z", "more");
    problem(400, hub.post(points, "{}"));
    problem(400, hub.post(points, "{\"series\":{}}"));
    assertThat(json(hub.get(points.replace("/points", "/series"))).get("series").isEmpty()).as("nothing of it was stored").isTrue();
  }

  @Test
  void pointsOfRunsThatARunnerFeeds() throws Exception {
    String id = hub.running(java.util.Map.of()).id();
    assertThat(problem(409, hub.post("/api/v1/runs/" + id + "/points", "{\"series\":[]}")).get("detail").asText()).contains("only its runner");
    problem(409, hub.post("/api/v1/runs/" + id + "/end", "{\"state\":\"FINISHED\"}"));
    problem(409, hub.method("DELETE", "/api/v1/runs/" + id, ""));
    problem(409, hub.post("/api/v1/runs/" + hub.tracked("{}") + "/rerun", ""));
  }

  @Test
  void endsThatAreNone() throws Exception {
    String id = hub.tracked("{}");
    assertThat(problem(400, hub.post("/api/v1/runs/" + id + "/end", "{\"state\":\"RUNNING\"}")).get("errors").get(0).get("message").asText())
        .contains("FINISHED, FAILED, STOPPED or DIVERGED");
    problem(400, hub.post("/api/v1/runs/" + id + "/end", "{}"));
  }

  @Test
  void whatIsNotThere() throws Exception {
    problem(404, hub.get("/api/v1/runs/" + "0".repeat(32)));
    problem(404, hub.get("/api/v1/runs/abcdef"));
    assertThat(problem(404, hub.get("/api/v1/runs/abc")).get("detail").asText()).contains("first 6");
    problem(404, hub.get("/api/v1/runs/..%2f..%2fetc"));
    problem(404, hub.get("/api/v1/experiments/99"));
    problem(404, hub.get("/api/v1/experiments/x"));
    problem(404, hub.post("/api/v1/experiments/99/tracked-runs", "{}"));
    problem(404, hub.get("/api/v1/nope"));
    problem(404, hub.get("/api/v2/runs"));
    problem(404, hub.get("/nope.js"));
  }

  @Test
  void prefixesOfSeveralRunsAreNotGuessed() throws Exception {
    for (char last : new char[] {'1', '2'}) {
      String id = "abcdef" + "0".repeat(25) + last;
      var run = hub.running(java.util.Map.of());
      hub.write(
          new io.trainyard.core.store.Change.CreateRun(
              new io.trainyard.core.model.RunRecord(
                  id, "0", "n", io.trainyard.core.model.RunState.QUEUED, null, run.task(), java.util.Map.of(), 1, java.util.Map.of(), "", 1, null,
                  null, false, false, null, 0, null, false, null,
                  java.util.Map.of(), null, null, java.util.List.of(), java.util.Map.of(), 0)));
    }
    assertThat(problem(409, hub.get("/api/v1/runs/abcdef")).get("detail").asText()).contains("Give more digits");
  }

  @Test
  void methodsThatAPathDoesNotTake() throws Exception {
    HttpResponse<String> response = hub.method("PUT", "/api/v1/runs", "{}");
    problem(405, response);
    assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD");
    response = hub.method("POST", "/", "{}");
    problem(405, response);
  }

  @Test
  void chartsThatAskForTooMuch() throws Exception {
    String points = "/api/v1/runs/" + hub.tracked("{}") + "/points";
    problem(400, hub.get(points));
    problem(400, hub.get(points + "?name=a&max=1000001"));
    problem(400, hub.get(points + "?name=a&name=b&max=500001"));
    problem(400, hub.get(points + "?name=a&from=2&to=1&attempt=x"));
    assertThat(hub.get(points + "?name=a&max=1000000").statusCode()).isEqualTo(200);
  }

  @Test
  void keysThatAreNone() throws Exception {
    HttpRequest.Builder request =
        hub.launching("/api/v1/experiments").header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"a\"}"));
    problem(400, hub.send(request.header("Idempotency-Key", "k".repeat(129))));
  }

  @Test
  void fieldsWhereNoneAreTaken() throws Exception {
    assertThat(problem(400, hub.post("/api/v1/experiments/0/restore", "{\"a\":1}")).get("errors").get(0).get("field").asText()).isEqualTo("a");
  }

  @Test
  void headAnswersWithoutABody() throws Exception {
    HttpResponse<String> response = hub.send(hub.request("/api/v1/runs").method("HEAD", HttpRequest.BodyPublishers.noBody()));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }
}
