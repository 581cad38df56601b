package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.tests.integration.Program.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All commands but {@code run}, with a hub that is up. */
final class CommandsTest {
  private static final int STEPS = 37;

  @TempDir static Path folder;
  private static LiveHub hub;
  private static Program program;
  private static String run;

  @BeforeAll
  static void start() throws Exception {
    Path home = folder.resolve("home");
    Lab.install(home);
    hub = LiveHub.up(home);
    program = Program.at(home);
    run =
        hub.api()
            .post(
                "/api/v1/experiments/0/runs",
                Map.of("task", "lab", "name", "kept", "seed", 5, "params", Map.of("steps", STEPS, "note", "hello")))
            .is(201)
            .json()
            .path("id")
            .asText();
    hub.untilEnd(run);
  }

  @AfterAll
  static void stop() throws Exception {
    hub.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "up", "run", "runs", "show", "stop", "resume", "rerun", "replay", "predict", "generate", "score",
      "artifacts", "tasks", "plugins", "export", "verify",
      "doctor"})
  void everyCommandExplainsItself(String command) throws Exception {
    Result result = program.plain(command, "--help");
    assertThat(result.exit()).isZero();
    assertThat(result.out()).contains("trainyard " + command).contains("--home");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void theProgramExplainsItselfWithItsExitStatuses() throws Exception {
    Result help = program.plain("--help");
    assertThat(help.exit()).isZero();
    assertThat(help.out()).contains("run", "doctor", "Exit status", "trainyard run linreg");
    assertThat(program.plain("--version").out()).startsWith("trainyard 0.1.0");
    Result unknown = program.plain("plugin");
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err()).contains("plugin").contains("plugins");
    assertThat(program.plain("runs", "--limti", "3").exit()).isEqualTo(2);
  }

  @Test
  void tasksAreListedWithTheirPlugin() throws Exception {
    Result result = program.run("tasks");
    assertThat(result.exit()).isZero();
    assertThat(result.out()).containsPattern("lab +Laboratory +lab-1\\.0\\.jar")
        .containsPattern("linreg .*trainyard-linreg");
    JsonNode tasks = program.run("tasks", "--json").json().path("tasks");
    assertThat(tasks.findValuesAsText("id")).contains("lab", "linreg");
  }

  @Test
  void pluginsAreListedWithTheirHash() throws Exception {
    Result result = program.run("plugins");
    assertThat(result.exit()).isZero();
    assertThat(result.out()).containsPattern("lab-1\\.0\\.jar +LOADED +1\\.0 +[0-9a-f]{12} +lab");
    assertThat(program.run("plugins", "--json").json().path("plugins").findValuesAsText("file")).contains(Lab.FILE);
  }

  @Test
  void runsAreListedNewestFirst() throws Exception {
    Result all = program.run("runs");
    assertThat(all.exit()).isZero();
    assertThat(all.lines().get(0)).contains("ID", "NAME", "STATE", "TRAIN/LOSS");
    Result some = program.run("runs", "--state", "finished", "--search", "kept", "--json");
    assertThat(some.json().path("runs").findValuesAsText("id")).contains(run);
    assertThat(program.run("runs", "--experiment", "Nonesuch").exit()).isEqualTo(4);
  }

  @Test
  void aRunIsShownByAPrefixOfItsId() throws Exception {
    Result result = program.run("show", run.substring(0, 8));
    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .contains(run, "FINISHED", "Params", "steps", "Provenance", "plugin.sha256", "Log", "hello");
    assertThat(program.run("show", run, "--json").json().path("id").asText()).isEqualTo(run);
    Result none = program.run("show", "ffffffffffffffffffffffffffffffff");
    assertThat(none.exit()).isEqualTo(4);
    assertThat(none.err()).contains("There is no run");
  }

  @Test
  void exportsHaveEveryPoint() throws Exception {
    Result csv = program.run("export", run);
    assertThat(csv.exit()).isZero();
    assertThat(csv.lines().get(0)).isEqualTo("attempt,name,step,time,value");
    List<String> rows = csv.lines().stream().filter(line -> line.startsWith("1,train/loss,")).toList();
    assertThat(rows).hasSize(STEPS);
    JsonNode points = hub.points(run, "train/loss");
    for (int i = 0; i < STEPS; i++) {
      String[] cells = rows.get(i).split(",");
      assertThat(Long.parseLong(cells[2])).isEqualTo(i + 1L).isEqualTo(points.path("steps").get(i).asLong());
      assertThat(Long.parseLong(cells[3])).isEqualTo(points.path("times").get(i).asLong());
      assertThat(Double.parseDouble(cells[4])).isEqualTo(points.path("values").get(i).asDouble());
    }

    Path file = folder.resolve("points.jsonl");
    Result jsonl = program.run("export", run, "--format", "jsonl", "-o", file.toString());
    assertThat(jsonl.exit()).isZero();
    assertThat(jsonl.out()).isEmpty();
    int losses = 0;
    for (String line : Files.readAllLines(file)) {
      JsonNode point = Program.JSON.readTree(line);
      assertThat(point.path("attempt").asInt()).isEqualTo(1);
      losses += point.path("name").asText().equals("train/loss") ? 1 : 0;
    }
    assertThat(losses).isEqualTo(STEPS);
    assertThat(program.run("export", "abcdef123456").exit()).isEqualTo(4);
    assertThat(program.run("export", run, "--format", "xml").exit()).isEqualTo(2);
  }

  @Test
  void aHealthyStoreVerifies() throws Exception {
    Result result = program.run("verify");
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    assertThat(result.out()).contains("All is well.").containsPattern("[1-9][\\d,]* checksums");
    assertThat(program.run("verify", "--json").json().path("problems").isEmpty()).isTrue();
  }

  @Test
  void theDoctorFindsWhatIsNeeded() throws Exception {
    Result result = program.run("doctor");
    assertThat(result.exit()).as(result.out()).isZero();
    assertThat(result.out())
        .contains("Java", "TensorFlow", "All that is needed is here.", "A hub is up for this data folder.");
  }

  @Test
  void aRerunIsTheSameAgainAndMayBeEdited() throws Exception {
    JsonNode first = hub.run(run);
    Result again = program.run("rerun", run, "--json");
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(again.json().path("params")).isEqualTo(first.path("params"));
    assertThat(again.json().path("metrics").path("train/loss").path("last"))
        .isEqualTo(first.path("metrics").path("train/loss").path("last"));
    JsonNode record = hub.run(again.json().path("id").asText());
    assertThat(record.path("rerun_of").asText()).isEqualTo(run);
    assertThat(record.path("seed").asLong()).isEqualTo(5);

    Result edited = program.run("rerun", run.substring(0, 10), "--steps", "9", "--seed", "6", "--json");
    assertThat(edited.json().path("params").path("steps").asInt()).isEqualTo(9);
    assertThat(edited.json().path("params").path("note").asText()).isEqualTo("hello");
    assertThat(edited.json().path("metrics").path("train/loss").path("count").asInt()).isEqualTo(9);
    assertThat(hub.run(edited.json().path("id").asText()).path("seed").asLong()).isEqualTo(6);

    Result wrong = program.run("rerun", run, "--steps", "0", "--stepz", "3");
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.err()).contains("--steps must be at least 1").contains("did you mean steps?");
  }

  @Test
  void stopEndsARunGracefullyAndForceAtOnce() throws Exception {
    String gentle = hub.launch("lab", LiveHub.params("steps", 100_000, "pause_ms", 5));
    hub.untilStep(gentle, 3);
    Result stopped = program.run("stop", gentle.substring(0, 8));
    assertThat(stopped.exit()).as(stopped.err()).isZero();
    assertThat(stopped.out()).contains("STOPPED");
    assertThat(hub.run(gentle).path("reason").asText()).contains("stopped after step");

    String deaf = hub.launch("lab", LiveHub.params("act", "hang", "steps", 3));
    hub.untilStep(deaf, 3);
    long began = System.nanoTime();
    Result killed = program.run("stop", deaf, "--force");
    assertThat(killed.exit()).as(killed.err()).isZero();
    assertThat(killed.out()).contains("STOPPED");
    assertThat((System.nanoTime() - began) / 1_000_000).isLessThan(8_000);
    assertThat(hub.run(deaf).path("reason").asText()).contains("killed by request");

    Result over = program.run("stop", gentle);
    assertThat(over.exit()).isEqualTo(2);
    assertThat(over.err()).contains("has ended already");
  }
}
