package io.trainyard.hub;

import static io.trainyard.hub.TestHub.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.LogChunk;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.store.Change;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each route does when all is well. */
class RoutesTest {
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

  @Test
  void everyRouteHasARoleAndStandsInTheOpenApiAndInTheManual() throws Exception {
    HttpResponse<String> response = hub.get("/openapi.json");
    JsonNode paths = json(response).get("paths");
    Schema schemas = new Schema(json(response).get("components").get("schemas"));
    String manual = Files.readString(Path.of("..", "docs", "reference", "api.md"));
    int routes = 0;
    for (Map.Entry<String, JsonNode> path : paths.properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        String name = operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey();
        routes++;
        assertThat(operation.getValue().get("x-role").asText()).as(name).isIn("open", "read", "track", "launch", "admin");
        for (JsonNode ref : operation.getValue().findValues("$ref")) {
          String schema = ref.asText().substring(ref.asText().lastIndexOf('/') + 1);
          assertThat(schemas.has(schema) || schema.equals("Problem")).as(name + " refers to " + schema).isTrue();
        }
        assertThat(manual).as("the manual has " + name).containsPattern(inManual(operation.getKey(), path.getKey()));
      }
    }
    assertThat(routes).isEqualTo(42);
    assertThat(hub.get("/openapi.json").body()).isEqualTo(response.body());
  }

  /** A row names a path whole, or by what it adds to the one before: {@code POST .../restore}. */
  private static String inManual(String method, String path) {
    String whole = Pattern.quote(path);
    String shortened = Pattern.quote(path.replace("/api/v1", ""));
    String last = Pattern.quote("..." + path.substring(path.lastIndexOf('/')));
    return "`" + method.toUpperCase(Locale.ROOT) + " (" + whole + "|" + last + ")[`?]|`" + shortened + "`";
  }

  @Test
  void experimentsAreCreatedRenamedHiddenAndShownAgain() throws Exception {
    HttpResponse<String> created = hub.post("/api/v1/experiments", "{\"name\":\"Demo\",\"tags\":{\"a\":\"b\"}}");
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(json(created).get("tags").get("a").asText()).isEqualTo("b");
    String one = "/api/v1/experiments/" + json(created).get("id").asText();
    assertThat(hub.post("/api/v1/experiments", "{\"name\":\"Demo\"}").statusCode()).isEqualTo(409);
    assertThat(json(hub.method("PATCH", one, "{\"name\":\"Other\"}")).get("name").asText()).isEqualTo("Other");
    assertThat(json(hub.method("DELETE", one, "")).get("deleted").asBoolean()).isTrue();
    assertThat(json(hub.get("/api/v1/experiments?deleted=true")).get("experiments").get(0).get("name").asText()).isEqualTo("Other");
    assertThat(hub.post(one + "/tracked-runs", "{}").statusCode()).as("a run in a hidden experiment").isEqualTo(409);
    assertThat(json(hub.post(one + "/restore", "")).get("deleted").asBoolean()).isFalse();
  }

  @Test
  void aClientLogsARun() throws Exception {
    String id = hub.tracked("{\"name\":\"notebook\",\"params\":{\"lr\":\"0.1\",\"layers\":[1,2]},\"tags\":{\"a\":\"b\"},\"notes\":\"n\"}");
    HttpResponse<String> points =
        hub.post(
            "/api/v1/runs/" + id + "/points",
            "{\"series\":[{\"name\":\"loss\",\"steps\":[-1,5,5],\"times\":[1,2,3],\"values\":[1.5,\"NaN\",\"-Infinity\"]},"
                + "{\"name\":\"acc\",\"steps\":[1],\"values\":[1]}]}");
    assertThat(points.body()).isEqualTo("{\"accepted\":4}");
    JsonNode series = json(hub.get("/api/v1/runs/" + id + "/points?name=loss&name=acc")).get("series");
    assertThat(series.get(0).get("steps").toString()).isEqualTo("[-1,5,5]");
    assertThat(series.get(0).get("values").toString()).isEqualTo("[1.5,\"NaN\",\"-Infinity\"]");
    assertThat(series.get(1).get("times").get(0).asLong()).as("now").isEqualTo(hub.clock.millis());
    JsonNode run = json(hub.get("/api/v1/runs/" + id.substring(0, 8)));
    assertThat(run.get("task").isNull()).isTrue();
    assertThat(run.get("seed").isNull()).isTrue();
    assertThat(run.get("params").toString()).isEqualTo("{\"lr\":\"0.1\",\"layers\":[1,2]}");
    JsonNode ended = json(hub.post("/api/v1/runs/" + id + "/end", "{\"state\":\"FAILED\",\"reason\":\"out of luck\"}"));
    assertThat(ended.get("state").asText()).isEqualTo("FAILED");
    assertThat(ended.get("reason").asText()).isEqualTo("out of luck");
    assertThat(hub.post("/api/v1/runs/" + id + "/points", "{\"series\":[{\"name\":\"x\",\"steps\":[1],\"values\":[1]}]}").statusCode()).isEqualTo(409);
    assertThat(json(hub.method("DELETE", "/api/v1/runs/" + id, "")).get("deleted").asBoolean()).isTrue();
    assertThat(json(hub.post("/api/v1/runs/" + id + "/restore", "")).get("deleted").asBoolean()).isFalse();
  }

  @Test
  void runsAreLaunchedStoppedAndRunAgain() throws Exception {
    HttpResponse<String> launched =
        hub.post(
            "/api/v1/experiments/0/runs",
            "{\"task\":\"linreg\",\"params\":{\"learning_rate\":0.1,\"clip\":null},\"seed\":5,\"tags\":{\"team\":\"x\"},"
                + "\"source\":{\"git_commit\":\"abc\",\"git_dirty\":\"false\"}}");
    assertThat(launched.statusCode()).as(launched.body()).isEqualTo(201);
    JsonNode run = json(launched);
    assertThat(run.get("state").asText()).isEqualTo("QUEUED");
    assertThat(run.get("params").toString()).isEqualTo("{\"learning_rate\":0.1}");
    JsonNode again = json(hub.post("/api/v1/runs/" + run.get("id").asText() + "/rerun", "{\"params\":{\"epochs\":3}}"));
    assertThat(again.get("rerun_of")).isEqualTo(run.get("id"));
    assertThat(again.get("seed").asLong()).isEqualTo(5);
    assertThat(again.get("params").toString()).isEqualTo("{\"learning_rate\":0.1,\"epochs\":3}");
    JsonNode without = json(hub.post("/api/v1/runs/" + again.get("id").asText() + "/rerun", "{\"params\":{\"epochs\":null},\"seed\":6}"));
    assertThat(without.get("params").toString()).isEqualTo("{\"learning_rate\":0.1}");
    assertThat(without.get("seed").asLong()).isEqualTo(6);
    HttpResponse<String> stopped = hub.post("/api/v1/runs/" + run.get("id").asText() + "/stop", "");
    assertThat(stopped.statusCode()).isEqualTo(202);
    assertThat(json(stopped).get("state").asText()).isEqualTo("STOPPED");
    assertThat(hub.post("/api/v1/runs/" + run.get("id").asText() + "/stop", "{\"force\":true}").statusCode()).isEqualTo(409);
  }

  @Test
  void theSameKeyGivesTheSameAnswerAndAnotherRequestIsRefused() throws Exception {
    String body = "{\"name\":\"once\"}";
    HttpRequest.BodyPublisher publisher = HttpRequest.BodyPublishers.ofString(body);
    HttpRequest.Builder first =
        hub.request("/api/v1/experiments/0/tracked-runs").header("Idempotency-Key", "k1").header("Content-Type", "application/json").POST(publisher);
    JsonNode one = json(hub.send(first));
    HttpResponse<String> two = hub.send(first);
    assertThat(two.statusCode()).isEqualTo(201);
    assertThat(json(two).get("id")).isEqualTo(one.get("id"));
    HttpResponse<String> other =
        hub.send(
            hub.request("/api/v1/experiments/0/tracked-runs").header("Idempotency-Key", "k1").header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"twice\"}")));
    assertThat(other.statusCode()).isEqualTo(422);
  }

  @Test
  void runsAreEdited() throws Exception {
    String id = hub.tracked("{\"tags\":{\"a\":\"1\",\"b\":\"2\"}}");
    JsonNode run = json(hub.method("PATCH", "/api/v1/runs/" + id, "{\"name\":\"n\",\"notes\":\"text\",\"tags\":{\"a\":null,\"c\":\"3\"}}"));
    assertThat(run.get("name").asText()).isEqualTo("n");
    assertThat(run.get("notes").asText()).isEqualTo("text");
    assertThat(run.get("tags").toString()).isEqualTo("{\"b\":\"2\",\"c\":\"3\"}");
  }

  @Test
  void listsAreFilteredAndPaged() throws Exception {
    String ended = hub.tracked("{\"name\":\"a\"}");
    hub.tracked("{\"name\":\"b\"}");
    hub.post("/api/v1/runs/" + ended + "/end", "{\"state\":\"FINISHED\"}");
    JsonNode running = json(hub.get("/api/v1/runs?state=RUNNING,QUEUED&experiment=0&limit=10&sort=metric:loss&order=asc"));
    assertThat(running.get("total").asInt()).isEqualTo(1);
    assertThat(running.get("runs").get(0).get("name").asText()).isEqualTo("b");
    assertThat(json(hub.get("/api/v1/runs?limit=1")).get("total").asInt()).isEqualTo(2);
  }

  @Test
  void outputIsReadInPartsThatEndWhereCharactersEnd() throws Exception {
    RunRecord run = hub.running(Map.of());
    byte[] bytes = "epoch 1, naïve loss 0.02\n".getBytes(StandardCharsets.UTF_8);
    TestHub.await(hub.bus.request(Addresses.LOG, new LogChunk(run.id(), 1, 0, bytes, false)));
    String log = "/api/v1/runs/" + run.id() + "/log";
    StringBuilder text = new StringBuilder();
    long next = 0;
    JsonNode part;
    do {
      part = json(hub.get(log + "?limit=16&from=" + next));
      text.append(part.get("text").asText());
      next = part.get("next").asLong();
    } while (next < part.get("size").asLong());
    assertThat(text).hasToString("epoch 1, naïve loss 0.02\n");
    assertThat(part.get("done").asBoolean()).as("the run goes on").isFalse();
    assertThat(json(hub.get(log + "?from=-5")).get("text").asText()).isEqualTo("0.02\n");
    hub.write(new Change.EndAttempt(run.id(), 1, run.attempts().get(0).fence(), RunState.FINISHED, null, 1, false, 0));
    assertThat(json(hub.get(log)).get("done").asBoolean()).isTrue();
    HttpResponse<String> file = hub.get(log + ".txt");
    assertThat(file.body()).isEqualTo(text.toString());
    assertThat(file.headers().firstValue("Content-Disposition").orElse("")).isEqualTo("attachment; filename=\"linreg-1-" + run.id().substring(0, 8) + ".log.txt\"");
  }

  @Test
  void everyPointIsExported() throws Exception {
    String id = hub.tracked("{}");
    int count = 120_000;
    StringBuilder steps = new StringBuilder();
    for (int i = 0; i < count; i++) {
      steps.append(i == 0 ? "" : ",").append(i);
    }
    hub.post("/api/v1/runs/" + id + "/points", "{\"series\":[{\"name\":\"loss\",\"steps\":[" + steps + "],\"times\":[" + steps + "],\"values\":[" + steps + "]}]}");
    List<String> csv = hub.get("/api/v1/runs/" + id + "/export").body().lines().toList();
    assertThat(csv).hasSize(count + 1).startsWith("attempt,name,step,time,value", "1,loss,0,0,0.0").endsWith("1,loss,119999,119999,119999.0");
    List<String> lines = hub.get("/api/v1/runs/" + id + "/export?format=jsonl").body().lines().toList();
    assertThat(lines).hasSize(count).startsWith("{\"attempt\":1,\"name\":\"loss\",\"step\":0,\"time\":0,\"value\":0.0}");
  }

  @Test
  void theStoreIsVerifiedOnRequestOfTheAdminOnly() throws Exception {
    assertThat(hub.send(hub.request("/api/v1/verify").POST(HttpRequest.BodyPublishers.noBody())).statusCode()).isEqualTo(401);
    assertThat(json(hub.post("/api/v1/verify", "{}")).get("problems").isEmpty()).isTrue();
  }

  @Test
  void theCallersRolesAreSaid() throws Exception {
    assertThat(roles(hub.send(hub.request("/api/v1/hub")))).containsExactlyInAnyOrder("read", "track");
    assertThat(roles(hub.send(hub.launching("/api/v1/hub")))).containsExactlyInAnyOrder("read", "track", "launch", "admin");
  }

  private static TreeSet<String> roles(HttpResponse<String> response) throws Exception {
    TreeSet<String> roles = new TreeSet<>();
    StreamSupport.stream(json(response).get("roles").spliterator(), false).forEach(role -> roles.add(role.asText()));
    return roles;
  }
}
