package io.trainyard.tests.integration;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that a client logs: what goes in comes out, bit for bit. */
final class TrackedRunsTest {
  /** Values that a careless store would lose or round. */
  private static final double[] ODD = {
    0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, -Double.MIN_VALUE,
    Double.MIN_NORMAL,
    Double.MAX_VALUE, -Double.MAX_VALUE, 0.1, 1.0 / 3, Math.PI, (double) 0.1f, 1e-310, 9007199254740993.0,
        123456789012345678.0
  };

  @TempDir static Path folder;
  private static LiveHub hub;

  @BeforeAll
  static void start() throws Exception {
    hub = LiveHub.up(folder.resolve("home"), "--slots", "0");
  }

  @AfterAll
  static void stop() throws Exception {
    hub.close();
  }

  @Test
  void everyDoubleComesBackBitForBit() throws Exception {
    String id = begin(Map.of("name", "odd values"));
    long[] steps = new long[ODD.length];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = i;
    }
    post(id, "odd", steps, ODD);
    assertPoints(id, "odd", steps, ODD);
    JsonNode summary = hub.get("/api/v1/runs/" + id + "/series").path("series").get(0);
    assertThat(summary.path("count").asInt()).isEqualTo(ODD.length);
    assertThat(summary.path("nan").asInt()).isEqualTo(1);
    assertThat(summary.path("pos_inf").asInt()).isEqualTo(1);
    assertThat(summary.path("neg_inf").asInt()).isEqualTo(1);
    assertThat(summary.path("min").asDouble()).isEqualTo(-Double.MAX_VALUE);
    assertThat(summary.path("max").asDouble()).isEqualTo(Double.MAX_VALUE);
    hub.stranger().post("/api/v1/runs/" + id + "/end", Map.of("state", "FINISHED")).is(200);
    assertPoints(id, "odd", steps, ODD);
  }

  @Test
  void stepsMayComeInAnyOrderBeNegativeAndRepeat() throws Exception {
    String id = begin(Map.of());
    long[] steps = {5, -3, 5, Long.MAX_VALUE, 0, Long.MIN_VALUE, -3, 5};
    double[] values = {1, 2, 3, 4, 5, 6, 7, 8};
    post(id, "a", steps, values);
    post(id, "a", new long[] {-3, 4}, new double[] {9, 10});
    // By step; those of one step in the order in which they came.
    assertPoints(
        id,
        "a",
        new long[] {Long.MIN_VALUE, -3, -3, -3, 0, 4, 5, 5, 5, Long.MAX_VALUE},
        new double[] {6, 2, 7, 9, 5, 10, 1, 3, 8, 4});
    JsonNode some = hub.get("/api/v1/runs/" + id + "/points?name=a&from=-3&to=4").path("series").get(0);
    assertThat(some.path("steps").toString()).isEqualTo("[-3,-3,-3,0,4]");
    JsonNode run = hub.run(id).path("metrics").path("a");
    assertThat(run.path("last_step").asLong()).isEqualTo(Long.MAX_VALUE);
    assertThat(run.path("last").asDouble()).isEqualTo(4.0);
    assertThat(run.path("count").asInt()).isEqualTo(10);
  }

  @Test
  void timesAreKeptAndThoseThatAreMissingAreNow() throws Exception {
    String id = begin(Map.of());
    long before = System.currentTimeMillis();
    Map<String, Object> timed =
        Map.of("name", "timed", "steps", List.of(1, 2, 3), "times", List.of(0, -5, 4102444800000L), "values",
            List.of(1, 2, 3));
    Map<String, Object> plain = Map.of("name", "plain", "steps", List.of(1), "values", List.of(1));
    assertThat(send(id, List.of(timed, plain)).is(200).json().path("accepted").asInt()).isEqualTo(4);
    assertThat(hub.points(id, "timed").path("times").toString()).isEqualTo("[0,-5,4102444800000]");
    assertThat(hub.points(id, "plain").path("times").get(0).asLong()).isBetween(before, System.currentTimeMillis());
  }

  @Test
  void everyBadPointIsNamedAndNoneIsStored() throws Exception {
    String id = begin(Map.of());
    Map<String, Object> good = Map.of("name", "a", "steps", List.of(1), "values", List.of(1));
    List<Object> bad =
        List.of(
            good,
            Map.of("name", "a\nb", "steps", List.of(1), "values", List.of(1)),
            Map.of("name", "b", "steps", List.of(1, 2), "values", List.of(1)),
            Map.of("name", "c", "steps", List.of(1.5, "x"), "values", List.of("one", 2)),
            Map.of("name", "d", "values", List.of(1), "colour", 1));
    assertThat(send(id, bad).badFields())
        .containsExactlyInAnyOrder(
            "series[1].name", "series[2].values", "series[3].steps[0]", "series[3].steps[1]", "series[3].values[0]",
            "series[4].steps",
            "series[4].colour");
    byte[] tooLarge = "{\"series\":[{\"name\":\"a\",\"steps\":[1],\"values\":[1e999]}]}".getBytes(US_ASCII);
    assertThat(
            hub.stranger().with("Content-Type", "application/json")
                .send("POST", "/api/v1/runs/" + id + "/points", tooLarge).badFields())
        .containsExactly("series[0].values[0]");
    assertThat(hub.get("/api/v1/runs/" + id + "/series").path("series").isEmpty()).isTrue();
  }

  @Test
  void anEndedRunTakesNoMorePoints() throws Exception {
    String id = begin(Map.of());
    post(id, "a", new long[] {1}, new double[] {1});
    JsonNode ended =
        hub.stranger()
            .post("/api/v1/runs/" + id + "/end", Map.of("state", "FAILED", "reason", "The battery is empty.")).is(200)
                .json();
    assertThat(ended.path("state").asText()).isEqualTo("FAILED");
    assertThat(ended.path("reason").asText()).isEqualTo("The battery is empty.");
    send(id, List.of(Map.of("name", "a", "steps", List.of(2), "values", List.of(2)))).problem(409);
    assertThat(hub.points(id, "a").path("count").asInt()).isEqualTo(1);
    assertThat(hub.stranger().post("/api/v1/runs/" + id + "/end", Map.of("state", "RUNNING")).badFields())
        .containsExactly("state");
  }

  @Test
  void namesNotesAndTagsMayChangeParamsMayNot() throws Exception {
    Map<String, Object> params = LiveHub.params("learning_rate", 0.1, "layers", List.of(3, 4));
    String id = begin(Map.of("name", "first", "params", params, "tags", Map.of("a", "1", "b", "2")));
    Map<String, Object> tags = new LinkedHashMap<>();
    tags.put("a", null);
    tags.put("c", "3");
    JsonNode edited =
        hub.stranger()
            .with("Content-Type", "application/json")
            .send("PATCH", "/api/v1/runs/" + id,
                Program.JSON.writeValueAsBytes(Map.of("name", "second", "notes", "n", "tags", tags)))
            .is(200)
            .json();
    assertThat(edited.path("name").asText()).isEqualTo("second");
    assertThat(edited.path("notes").asText()).isEqualTo("n");
    assertThat(edited.path("tags").toString()).isEqualTo("{\"b\":\"2\",\"c\":\"3\"}");
    assertThat(edited.path("params").toString()).isEqualTo("{\"learning_rate\":0.1,\"layers\":[3,4]}");
    hub.stranger().with("Content-Type", "application/json")
        .send("PATCH", "/api/v1/runs/" + id, "{\"params\":{}}".getBytes(US_ASCII)).problem(400);
  }

  @Test
  void aDeletedRunIsHiddenAndComesBackWhole() throws Exception {
    String id = begin(Map.of("name", "to delete"));
    post(id, "a", new long[] {1, 2}, new double[] {1, 2});
    hub.stranger().send("DELETE", "/api/v1/runs/" + id, null).problem(409);
    hub.stranger().post("/api/v1/runs/" + id + "/end", Map.of("state", "FINISHED")).is(200);
    hub.stranger().send("DELETE", "/api/v1/runs/" + id, null).is(200);
    assertThat(hub.get("/api/v1/runs?search=" + id).path("total").asInt()).isZero();
    assertThat(hub.get("/api/v1/runs?deleted=true&search=" + id).path("total").asInt()).isEqualTo(1);
    hub.stranger().send("POST", "/api/v1/runs/" + id + "/restore", null).is(200);
    assertThat(hub.get("/api/v1/runs?search=" + id).path("total").asInt()).isEqualTo(1);
    assertPoints(id, "a", new long[] {1, 2}, new double[] {1, 2});
  }

  private static String begin(Map<String, ?> body) throws Exception {
    return hub.stranger().post("/api/v1/experiments/0/tracked-runs", body).is(201).json().path("id").asText();
  }

  private static Api.Answer send(String id, List<?> series) throws Exception {
    return hub.stranger().post("/api/v1/runs/" + id + "/points", Map.of("series", series));
  }

  private static void post(String id, String name, long[] steps, double[] values) throws Exception {
    List<Object> written = new ArrayList<>();
    for (double value : values) {
      written.add(Double.isFinite(value) ? (Object) value : Double.toString(value));
    }
    send(id, List.of(Map.of("name", name, "steps", steps, "values", written))).is(200);
  }

  /** By the API, and by both exports. */
  private static void assertPoints(String id, String name, long[] steps, double[] values) throws Exception {
    JsonNode points = hub.points(id, name);
    assertThat(points.path("steps")).isEqualTo(Program.JSON.readTree(Program.JSON.writeValueAsBytes(steps)));
    List<String> csv = hub.export(id, "csv").lines().filter(line -> line.startsWith("1," + name + ",")).toList();
    List<String> json = hub.export(id, "jsonl").lines().toList();
    assertThat(points.path("values")).hasSize(values.length);
    assertThat(csv).hasSize(values.length);
    assertThat(json).hasSize(values.length);
    for (int i = 0; i < values.length; i++) {
      assertBits(values[i], number(points.path("values").get(i)));
      String[] cells = csv.get(i).split(",");
      assertThat(Long.parseLong(cells[2])).isEqualTo(steps[i]);
      assertBits(values[i], Double.parseDouble(cells[4]));
      JsonNode line = Program.JSON.readTree(json.get(i));
      assertThat(line.path("step").asLong()).isEqualTo(steps[i]);
      assertBits(values[i], number(line.path("value")));
    }
  }

  private static double number(JsonNode value) {
    return value.isTextual() ? Double.parseDouble(value.asText()) : value.doubleValue();
  }

  private static void assertBits(double expected, double got) {
    assertThat(Double.doubleToRawLongBits(got)).as(expected + " and " + got)
        .isEqualTo(Double.doubleToRawLongBits(expected));
  }
}
