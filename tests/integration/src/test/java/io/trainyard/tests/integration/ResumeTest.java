package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that was interrupted goes on from its checkpoint, and ends with the bits of one that never was. */
final class ResumeTest {
  @TempDir static Path folder;
  private static LiveHub hub;
  private static Program program;

  @BeforeAll
  static void start() throws Exception {
    Path home = folder.resolve("home");
    Lab.install(home);
    Walk.install(home);
    hub = LiveHub.up(home, "--slots", "2");
    program = Program.at(home);
  }

  @AfterAll
  static void stop() throws Exception {
    hub.close();
  }

  private static String launch(String task, Map<String, Object> params, String checkpointEvery) throws Exception {
    Map<String, Object> body =
        Map.of("task", task, "params", params, "seed", 5, "options", Map.of("checkpoint_every", checkpointEvery));
    return hub.api().post("/api/v1/experiments/0/runs", body).is(201).json().path("id").asText();
  }

  private static JsonNode checkpoint(String id, String role) throws Exception {
    return Eventually.get(
        "a checkpoint " + role,
        30,
        () -> {
          for (JsonNode artifact : hub.get("/api/v1/runs/" + id + "/artifacts").path("artifacts")) {
            if (artifact.path("role").asText().equals(role)) {
              return Optional.of(artifact);
            }
          }
          return Optional.empty();
        });
  }

  /** Each series but those of the clock, with its steps. */
  private static void sameCurves(String id, String other) throws Exception {
    JsonNode series = hub.get("/api/v1/runs/" + id + "/series").path("series");
    assertThat(hub.get("/api/v1/runs/" + other + "/series").path("series").findValuesAsText("name"))
        .isEqualTo(series.findValuesAsText("name"));
    List<String> timed = new ArrayList<>();
    hub.run(id).path("timed").forEach(name -> timed.add(name.asText()));
    assertThat(timed).isNotEmpty();
    for (JsonNode one : series) {
      String name = one.path("name").asText();
      if (timed.contains(name)) {
        continue;
      }
      JsonNode expected = hub.points(id, name);
      JsonNode points = hub.points(other, name);
      assertThat(points.path("steps")).as("steps of " + name).isEqualTo(expected.path("steps"));
      assertThat(points.path("values")).as("values of " + name).isEqualTo(expected.path("values"));
    }
  }

  @ParameterizedTest
  @CsvSource({"walk, kill", "walk, stop", "linreg, kill", "linreg, stop"})
  void itEndsWithTheBitsOfARunThatWasNeverInterrupted(String task, String how) throws Exception {
    Map<String, Object> params =
        task.equals("walk")
            ? Map.of("epochs", 4, "steps", 400, "pause_ms", 2)
            : Map.of("epochs", 15, "steps_per_second", 400);
    String whole = launch(task, params, "never");
    String cut = launch(task, params, "1s");
    hub.untilStep(cut, 20);
    long saved = checkpoint(cut, "last").path("step").asLong();
    assertThat(saved).isPositive();
    hub.untilStep(cut, (int) saved + 20);
    if (how.equals("kill")) {
      long pid = hub.run(cut).path("provenance").path("pid").asLong();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    } else {
      hub.api().post("/api/v1/runs/" + cut + "/stop", Map.of()).is(202);
    }
    JsonNode ended = hub.untilEnd(cut);
    assertThat(ended.path("state").asText()).isEqualTo(how.equals("kill") ? "FAILED" : "STOPPED");
    assertThat(ended.path("resumable").asBoolean()).isTrue();
    long from = checkpoint(cut, "last").path("step").asLong();

    JsonNode resumed = hub.api().post("/api/v1/runs/" + cut + "/resume", Map.of()).is(202).json();
    assertThat(resumed.path("id").asText()).isEqualTo(cut);
    assertThat(resumed.path("resume_from").asText()).isEqualTo("checkpoints/last.npz");
    JsonNode run = hub.untilEnd(cut);
    assertThat(run.path("state").asText()).as(run.path("reason").asText()).isEqualTo("FINISHED");
    assertThat(run.path("attempt").asInt()).isEqualTo(2);
    assertThat(run.path("attempts").path(1).path("from_step").asLong()).isEqualTo(from + 1);
    assertThat(run.path("lost_points").asLong()).isZero();
    assertThat(run.path("resumable").asBoolean()).isFalse();
    assertThat(hub.untilEnd(whole).path("state").asText()).isEqualTo("FINISHED");
    sameCurves(whole, cut);
    assertThat(program.run("verify").exit()).isZero();
  }

  @Test
  void theCommandWaitsForTheEndAndSaysWhereItGoesOn() throws Exception {
    String id = launch("walk", LiveHub.params("epochs", 6, "steps", 100, "pause_ms", 10), "1epochs");
    checkpoint(id, "best");
    Program.Result stopped = program.run("stop", id.substring(0, 8));
    assertThat(stopped.exit()).as(stopped.err()).isZero();
    assertThat(program.run("show", id.substring(0, 8)).out()).contains("It can go on: trainyard resume");
    Program.Result result = program.run("resume", id.substring(0, 8), "--from", "best");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.err()).contains("from checkpoints/best.npz");
    assertThat(result.out()).contains("FINISHED").containsPattern("train/loss .* 600\n");
  }

  @Test
  void whatCannotGoOnIsSaidAndNothingChanges() throws Exception {
    String running = launch("walk", LiveHub.params("epochs", 100, "steps", 100, "pause_ms", 5), "never");
    hub.untilRunning(running);
    String resume = "/api/v1/runs/" + running + "/resume";
    assertThat(hub.api().post(resume, Map.of()).problem(409).path("detail").asText()).contains("has not ended");
    hub.api().post("/api/v1/runs/" + running + "/stop", Map.of("force", true)).is(202);
    hub.untilEnd(running);
    assertThat(hub.api().post(resume, Map.of()).problem(409).path("detail").asText()).contains("has no checkpoint");
    assertThat(hub.api().post(resume, Map.of("from", "first")).badFields()).containsExactly("from");

    String without = hub.launch(Lab.TASK, LiveHub.params("steps", 3, "act", "throw"));
    hub.untilEnd(without);
    Program.Result refused = program.run("resume", without);
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err()).contains("has no checkpoint");

    String finished = launch("walk", LiveHub.params("epochs", 1), "30s");
    hub.untilEnd(finished);
    assertThat(program.run("resume", finished).err()).contains("has finished");
    assertThat(hub.run(finished).path("attempt").asInt()).isEqualTo(1);
  }

  @Test
  void optionsThatAreNoneAreNamedAllAtOnce() throws Exception {
    Map<String, Object> body =
        Map.of("task", "walk", "options", Map.of("device", "tpu", "checkpoint_every", "often", "colour", "red"));
    assertThat(hub.api().post("/api/v1/experiments/0/runs", body).badFields())
        .containsExactlyInAnyOrder("options.device", "options.checkpoint_every", "options.colour");
    Program.Result result = program.run("run", "walk", "--device", "tpu", "--checkpoint-every", "often");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("must be auto, cpu or gpu:N").contains("must be seconds (30s)");
    Program.Result gpu = program.run("run", "linreg", "--device", "gpu:7", "--epochs", "1");
    assertThat(gpu.exit()).as("there are not eight GPUs, or the native is for the CPU").isEqualTo(1);
    assertThat(gpu.out()).contains("gpu:7 was asked for");
  }
}
