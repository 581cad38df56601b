package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.tests.integration.ServerSentEvents.Event;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The live feed against the store. */
final class LiveFeedTest {
  private static final int STEPS = 400;

  @TempDir static Path folder;
  private static LiveHub hub;

  @BeforeAll
  static void start() throws Exception {
    Path home = folder.resolve("home");
    Lab.install(home);
    hub = LiveHub.up(home, "--slots", "1");
  }

  @AfterAll
  static void stop() throws Exception {
    hub.close();
  }

  @Test
  void thePointsOfARunArriveInOrderNoneMissingNoneTwice() throws Exception {
    // One that keeps the slot, so that the feed is there before the run begins.
    String first = hub.launch("lab", LiveHub.params("steps", 100_000, "pause_ms", 5));
    String id = hub.launch("lab", LiveHub.params("steps", STEPS, "pause_ms", 3, "note", "a line for the log"));
    try (ServerSentEvents feed = ServerSentEvents.follow(hub.stranger(), "?points=" + id + "&log=" + id, null)) {
      Event hello = feed.hello();
      assertThat(hello.name()).isEqualTo("hello");
      assertThat(hello.data().path("resumed").asBoolean()).isFalse();
      assertThat(hello.data().path("instance").asText()).isEqualTo(hub.get("/api/v1/hub").path("instance").asText());
      hub.api().post("/api/v1/runs/" + first + "/stop", Map.of()).is(202);
      feed.await("the end of the run", "run", run -> ended(run, id));
      assertSame(feed.events("points"), id);

      assertThat(feed.events("gap")).isEmpty();
      List<String> states = new ArrayList<>();
      for (Event event : feed.events("run")) {
        if (event.data().path("id").asText().equals(id)) {
          states.add(event.data().path("state").asText());
        }
      }
      assertThat(states).containsSubsequence("RUNNING", "FINISHED");
      StringBuilder log = new StringBuilder();
      feed.events("log").forEach(event -> log.append(event.data().path("text").asText()));
      assertThat(log).contains("a line for the log\n");
      assertThat(feed.events("hub")).isNotEmpty();
      // The feed of one run has no points of another.
      assertThat(feed.events("points")).allMatch(event -> event.data().path("run").asText().equals(id));
    }
  }

  @Test
  void whoComesBackGoesOnWhereItWas() throws Exception {
    String id = hub.launch("lab", LiveHub.params("steps", STEPS, "pause_ms", 5));
    List<Event> seen = new ArrayList<>();
    String cursor;
    try (ServerSentEvents feed = ServerSentEvents.follow(hub.stranger(), "?points=" + id, null)) {
      feed.await("some points", "points", points -> points.path("run").asText().equals(id));
      Eventually.that("more points", 20, () -> feed.events("points").size() >= 3);
      List<Event> all = feed.events();
      cursor = all.get(all.size() - 1).id();
      all.stream().filter(event -> event.name().equals("points")).forEach(seen::add);
    }
    // Points go on meanwhile.
    hub.untilStep(id, STEPS / 2);
    try (ServerSentEvents feed = ServerSentEvents.follow(hub.stranger(), "?points=" + id, cursor)) {
      assertThat(feed.hello().data().path("resumed").asBoolean()).isTrue();
      feed.await("the end of the run", "run", run -> ended(run, id));
      assertThat(feed.events("gap")).isEmpty();
      seen.addAll(feed.events("points"));
      assertSame(seen, id);
    }
  }

  @Test
  void aCursorOfAnotherHubIsAGap() throws Exception {
    try (ServerSentEvents feed = ServerSentEvents.follow(hub.stranger(), "", "another-17")) {
      assertThat(feed.hello().data().path("resumed").asBoolean()).isFalse();
      feed.await("a gap", "gap", data -> true);
    }
  }

  @Test
  void whatAClientTracksIsAnnouncedToo() throws Exception {
    String id =
        hub.api()
            .post("/api/v1/experiments/0/tracked-runs", Map.of("name", "tracked"))
            .is(201)
            .json()
            .path("id")
            .asText();
    try (ServerSentEvents feed = ServerSentEvents.follow(hub.stranger(), "?points=" + id, null)) {
      feed.hello();
      Map<String, Object> series = Map.of("name", "train/loss", "steps", List.of(5, -3), "values", List.of("NaN", 0.5));
      hub.stranger().post("/api/v1/runs/" + id + "/points", Map.of("series", List.of(series))).is(200);
      JsonNode points = feed.await("points", "points", data -> data.path("run").asText().equals(id)).data();
      assertThat(points.path("series").get(0).path("steps").toString()).isEqualTo("[5,-3]");
      assertThat(points.path("series").get(0).path("values").toString()).isEqualTo("[\"NaN\",0.5]");
      assertThat(points.path("version").asLong()).isEqualTo(hub.run(id).path("version").asLong());
      hub.stranger().post("/api/v1/runs/" + id + "/end", Map.of("state", "FINISHED")).is(200);
      feed.await("the end", "run", run -> ended(run, id));
    }
  }

  private static boolean ended(JsonNode run, String id) {
    return run.path("id").asText().equals(id)
        && LiveHub.ENDED.contains(run.path("state").asText())
        && !run.path("draining").asBoolean();
  }

  /** The events hold exactly the points that the store has, each once, in order. */
  private static void assertSame(List<Event> events, String id) throws Exception {
    for (String name : List.of("train/loss", "grad/norm")) {
      List<JsonNode> steps = new ArrayList<>();
      List<JsonNode> values = new ArrayList<>();
      for (Event event : events) {
        for (JsonNode series : event.data().path("series")) {
          if (series.path("name").asText().equals(name)) {
            series.path("steps").forEach(steps::add);
            series.path("values").forEach(values::add);
          }
        }
      }
      JsonNode stored = hub.points(id, name);
      assertThat(stored.path("count").asInt()).isEqualTo(STEPS);
      assertThat(steps).map(JsonNode::asLong).containsExactlyElementsOf(longs(stored.path("steps")));
      assertThat(Program.JSON.valueToTree(values).toString()).isEqualTo(stored.path("values").toString());
    }
  }

  private static List<Long> longs(JsonNode array) {
    List<Long> numbers = new ArrayList<>();
    array.forEach(number -> numbers.add(number.asLong()));
    return numbers;
  }
}
