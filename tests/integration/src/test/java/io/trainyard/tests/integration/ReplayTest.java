package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.tests.integration.Program.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code trainyard replay}: the same bits, or where they differ and what has changed. */
final class ReplayTest {
  @TempDir Path folder;
  private LiveHub hub;
  private Program program;
  private Path data;

  @BeforeEach
  void start() throws Exception {
    Path home = folder.resolve("home");
    Walk.install(home);
    data = Files.createDirectories(folder.resolve("data"));
    hub = LiveHub.up(home);
    program = Program.at(home);
  }

  @AfterEach
  void stop() throws Exception {
    hub.close();
  }

  private String walked(Object... params) throws Exception {
    Map<String, Object> body =
        Map.of("task", "walk", "params", LiveHub.params(params), "seed", 5, "data", data.toString());
    return hub.api().post("/api/v1/experiments/0/runs", body).is(201).json().path("id").asText();
  }

  private JsonNode replayOf(String id) throws Exception {
    for (JsonNode run : hub.get("/api/v1/runs").path("runs")) {
      if (run.path("rerun_of").asText().equals(id)) {
        return hub.run(run.path("id").asText());
      }
    }
    throw new AssertionError("there is no replay of " + id);
  }

  @Test
  void aRunIsTheSameAgainBitByBitButForTheClock() throws Exception {
    String id = walked("epochs", 4);
    hub.untilEnd(id);
    Result result = program.run("replay", id.substring(0, 8));
    assertThat(result.exit()).as(result.err()).isZero();
    // 200 of the loss, 4 of the score; the steps per second are never the same.
    assertThat(result.lines()).containsExactly("bit-identical over 200 steps (2 series, 204 points)");
    JsonNode object = program.run("replay", id, "--json").json();
    assertThat(object.path("identical").asBoolean()).isTrue();
    assertThat(object.path("first").isNull()).isTrue();
    assertThat(object.path("steps").asLong()).isEqualTo(200);
    JsonNode replay = hub.run(object.path("replay").asText());
    assertThat(replay.path("rerun_of").asText()).isEqualTo(id);
    assertThat(replay.path("name").asText()).endsWith("(replay)");
  }

  @Test
  void aLongRunIsComparedToItsEndInPieces() throws Exception {
    String id = walked("epochs", 3, "steps", 50_000);
    hub.untilEnd(id);
    Result result = program.run("replay", id);
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.lines()).containsExactly("bit-identical over 150,000 steps (2 series, 150,003 points)");
    // From step 120,000 on, which lies beyond the first pieces.
    Files.writeString(data.resolve("from"), "120000");
    Files.writeString(data.resolve("drift"), "1e-9");
    assertThat(program.run("replay", id).out()).startsWith("different: first at step 120000, in train/loss\n");
  }

  @Test
  void changedDataIsNamedWithTheFirstStepAndMetricThatDiffer() throws Exception {
    String id = walked("epochs", 4);
    hub.untilEnd(id);
    Files.writeString(data.resolve("drift"), "1e-9");
    Result result = program.run("replay", id);
    assertThat(result.exit()).isEqualTo(8);
    assertThat(result.out())
        .startsWith("different: first at step 40, in train/loss\n")
        .contains("2 of 2 series differ: test/score, train/loss")
        .containsPattern("data\\.drift\n +run +0\\.0\n +replay +1\\.0E-9\n");
    JsonNode object = program.run("replay", id, "--json").json();
    JsonNode first = object.path("first");
    assertThat(first.path("step").asLong()).isEqualTo(40);
    JsonNode values = hub.points(id, "train/loss").path("values");
    assertThat(first.path("run").asText()).isEqualTo(values.get(39).asText());
    assertThat(first.path("replay").asText()).isNotEqualTo(values.get(39).asText());
    assertThat(object.path("changed").findValuesAsText("key")).containsExactly("data.drift");
  }

  @Test
  void theRunsOwnJarIsTakenThoughAnotherOneHasItsPlace() throws Exception {
    String id = walked("epochs", 2);
    JsonNode original = hub.untilEnd(id);
    Walk.installOther(hub.home());
    Eventually.get(
        "the other version",
        30,
        () -> Optional.of(hub.plugin(Walk.FILE)).filter(it -> it.path("version").asText().equals("2.0")));
    Result result = program.run("replay", id);
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    assertThat(replayOf(id).path("provenance").path("plugin.sha256"))
        .isEqualTo(original.path("provenance").path("plugin.sha256"));
    Result changed = program.run("rerun", id, "--json");
    assertThat(hub.points(changed.json().path("id").asText(), "train/loss").path("values"))
        .as("a rerun takes what is there now")
        .isNotEqualTo(hub.points(id, "train/loss").path("values"));

    String sha256 = original.path("provenance").path("plugin.sha256").asText();
    Files.delete(hub.home().resolve("plugins/.store").resolve(sha256 + ".jar"));
    Result gone = program.run("replay", id);
    assertThat(gone.exit()).isEqualTo(2);
    assertThat(gone.err()).contains("is not here any more").contains(Walk.FILE);
  }

  @Test
  void aRunThatWasStoppedIsReplayedAsFarAsItCame() throws Exception {
    String id = walked("epochs", 100, "steps", 100, "pause_ms", 2);
    hub.untilStep(id, 250);
    hub.api().post("/api/v1/runs/" + id + "/stop", Map.of()).is(202);
    long points = hub.untilEnd(id).path("metrics").path("train/loss").path("count").asLong();
    Result result = program.run("replay", id, "--json");
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    assertThat(result.json().path("steps").asLong()).isEqualTo(points);
    assertThat(replayOf(id).path("state").asText()).as("it need not go on").isEqualTo("STOPPED");
  }

  @Test
  void whatCannotBeReplayedIsSaidBeforeAnythingStarts() throws Exception {
    String running = walked("epochs", 100, "pause_ms", 20);
    hub.untilRunning(running);
    Result tooEarly = program.run("replay", running);
    assertThat(tooEarly.exit()).isEqualTo(2);
    assertThat(tooEarly.err()).contains("has not ended: it is RUNNING");
    String tracked = hub.api().post("/api/v1/experiments/0/tracked-runs", Map.of()).is(201).json().path("id").asText();
    hub.api().post("/api/v1/runs/" + tracked + "/end", Map.of("state", "FINISHED")).is(200);
    assertThat(program.run("replay", tracked).err()).contains("was logged by its client");
    assertThat(program.run("replay", "0123456789").exit()).isEqualTo(4);
    assertThat(hub.get("/api/v1/runs").path("total").asInt()).isEqualTo(2);
  }
}
