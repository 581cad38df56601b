package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How runs end that do not end well; the hub is none the worse. */
final class EndingsTest {
  private static final int STEPS = 12;
  /** From the death of a runner to its FAILED. */
  private static final long PROMPT_MS = 5_000;

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
  void aTaskThatThrowsFailsWithItsMessageAndTheStackInTheLog() throws Exception {
    JsonNode run = ended("throw", "FAILED");
    assertThat(run.path("reason").asText()).contains("the lab is on fire").contains("IllegalStateException");
    assertThat(hub.log(run.path("id").asText())).contains("IllegalStateException: the lab is on fire")
        .contains("lab.Lab.act(");
  }

  @Test
  void systemExitIsAFailureThatNamesTheCaller() throws Exception {
    JsonNode run = ended("exit", "FAILED");
    assertThat(run.path("reason").asText()).contains("System.exit").contains("lab.Lab.act");
  }

  @Test
  void runtimeHaltIsAFailureWithItsStatus() throws Exception {
    JsonNode run = endedPromptly("halt");
    assertThat(run.path("reason").asText()).contains("exited with status 3");
  }

  @Test
  void aNativeAbortIsAFailureWithItsSignalAndTheLastLines() throws Exception {
    JsonNode run = endedPromptly("abort");
    assertThat(run.path("reason").asText()).contains("signal 6 (SIGABRT)").contains("last words before the abort");
    assertThat(hub.log(run.path("id").asText())).contains("last words before the abort");
  }

  @Test
  void aCrashOfTheJvmIsAFailureWithItsSignalAndTheLastLines() throws Exception {
    JsonNode run = endedPromptly("crash");
    assertThat(run.path("reason").asText()).contains("signal 6 (SIGABRT)");
    assertThat(hub.log(run.path("id").asText())).contains("last words before the crash").contains("SIGSEGV");
  }

  @Test
  void aRunnerThatSomebodyKillsIsAFailureWithTheSignal() throws Exception {
    String id = hub.launch("lab", LiveHub.params("act", "hang", "steps", STEPS));
    hub.untilStep(id, STEPS);
    hub.runners().forEach(ProcessHandle::destroyForcibly);
    long killed = System.currentTimeMillis();
    JsonNode run = hub.untilEnd(id);
    assertThat(System.currentTimeMillis() - killed).isLessThan(PROMPT_MS);
    assertThat(run.path("state").asText()).isEqualTo("FAILED");
    assertThat(run.path("reason").asText()).contains("signal 9 (SIGKILL)");
    assertWhole(run);
  }

  @Test
  void aTaskThatDivergesIsDivergedAtItsStep() throws Exception {
    JsonNode run = ended("diverge", "DIVERGED");
    assertThat(run.path("reason").asText()).isEqualTo("diverged at step " + STEPS + ": the loss is not finite");
  }

  @Test
  void dataThatDoesNotFitIsSaidBeforeTheFirstStep() throws Exception {
    String id = hub.launch("lab", LiveHub.params("act", "data"));
    JsonNode run = hub.untilEnd(id);
    assertThat(run.path("state").asText()).isEqualTo("FAILED");
    assertThat(run.path("reason").asText())
        .isEqualTo("The corpus has 3 words, the window takes 5. Give a longer one with --data.");
    assertThat(run.path("metrics").isEmpty()).isTrue();
    assertThat(hub.log(id)).doesNotContain("\tat ");
  }

  @Test
  void aLeakedThreadDoesNotKeepTheRunnerAlive() throws Exception {
    JsonNode run = ended("leak", "FINISHED");
    Eventually.that("an end of the runner", 10, () -> hub.runners().isEmpty());
    assertThat(run.path("reason").isNull()).isTrue();
  }

  @Test
  void anEndlessRecursionIsAFailure() throws Exception {
    assertThat(ended("overflow", "FAILED").path("reason").asText()).contains("StackOverflowError");
  }

  @Test
  void afterAllThatTheHubRunsTheNextOne() throws Exception {
    ended("halt", "FAILED");
    JsonNode run = ended("finish", "FINISHED");
    assertThat(run.path("reason").isNull()).isTrue();
    assertThat(run.path("ended_at").asLong()).isGreaterThanOrEqualTo(run.path("started_at").asLong());
    assertThat(run.path("progress").isNull() || run.path("progress").path("step").asInt() == STEPS).isTrue();
  }

  private static JsonNode ended(String act, String state) throws Exception {
    String id = hub.launch("lab", LiveHub.params("act", act, "steps", STEPS));
    JsonNode run = hub.untilEnd(id);
    assertThat(run.path("state").asText()).as(run.path("reason").asText()).isEqualTo(state);
    assertThat(run.path("attempts").get(0).path("outcome").asText()).isEqualTo(state);
    assertWhole(run);
    return run;
  }

  /** It fails within 5 s of the death of its runner. */
  private static JsonNode endedPromptly(String act) throws Exception {
    String id = hub.launch("lab", LiveHub.params("act", act, "steps", STEPS));
    // Its last point is written in the moment before.
    hub.untilStep(id, STEPS);
    long logged = System.currentTimeMillis();
    JsonNode run = hub.untilEnd(id);
    assertThat(System.currentTimeMillis() - logged).isLessThan(PROMPT_MS);
    assertThat(run.path("state").asText()).isEqualTo("FAILED");
    assertWhole(run);
    return run;
  }

  /** Every point that was logged is there, whatever became of the runner. */
  private static void assertWhole(JsonNode run) throws Exception {
    assertThat(run.path("lost_points").asLong()).isZero();
    for (String series : new String[] {"train/loss", "grad/norm"}) {
      JsonNode points = hub.points(run.path("id").asText(), series);
      long[] steps = java.util.stream.LongStream.rangeClosed(1, STEPS).toArray();
      assertThat(points.path("steps").toString()).isEqualTo(Program.JSON.writeValueAsString(steps));
    }
    assertThat(run.path("metrics").path("train/loss")).isEqualTo(summary(run));
  }

  private static JsonNode summary(JsonNode run) throws Exception {
    JsonNode values = hub.points(run.path("id").asText(), "train/loss").path("values");
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (JsonNode value : values) {
      min = Math.min(min, value.asDouble());
      max = Math.max(max, value.asDouble());
    }
    Map<String, Object> expected =
        LiveHub.params(
            "last", values.get(STEPS - 1).asDouble(), "last_step", STEPS, "min", min, "max", max, "count", STEPS);
    return Program.JSON.readTree(Program.JSON.writeValueAsBytes(expected));
  }
}
