package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.tests.integration.Program.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run reads what another has kept: from the flag to the plugin, with its lineage. */
final class InputsTest {
  @TempDir static Path folder;
  private static LiveHub hub;
  private static Program program;
  private static String source;

  @BeforeAll
  static void start() throws Exception {
    Path home = folder.resolve("home");
    Scribe.install(home);
    hub = LiveHub.up(home);
    program = Program.at(home);
    source = hub.launch(Scribe.TASK, Map.of("words", "a b c"));
    assertThat(hub.untilEnd(source).path("state").asText()).isEqualTo("FINISHED");
  }

  @AfterAll
  static void stop() throws Exception {
    hub.close();
  }

  /** The file of an artifact with this content. */
  private static Path content(String run, String sha256) throws IOException {
    try (Stream<Path> files = Files.walk(hub.home().resolve("artifacts").resolve(run))) {
      return files.filter(file -> file.endsWith(sha256)).findFirst().orElseThrow();
    }
  }

  @Test
  void theCommandTakesARunAndAPathAndBothSidesKnow() throws Exception {
    Result result = program.run("run", Scribe.TASK, "--from", source.substring(0, 8) + "/words.txt", "--json");
    assertThat(result.exit()).as(result.err()).isZero();
    String id = result.json().path("id").asText();
    JsonNode run = hub.run(id);
    assertThat(run.path("state").asText()).isEqualTo("FINISHED");
    assertThat(run.at("/params/from").asText()).isEqualTo(source + "/words.txt");
    JsonNode input = run.at("/inputs/0");
    assertThat(input.path("param").asText()).isEqualTo("from");
    assertThat(input.path("run").asText()).isEqualTo(source);
    assertThat(input.path("size").asInt()).isEqualTo(5);
    assertThat(run.path("provenance").path("input.from").asText())
        .isEqualTo(source + "/words.txt sha256:" + input.path("sha256").asText() + " (5 bytes)");
    assertThat(hub.get("/api/v1/runs/" + source + "/consumers").findValuesAsText("run")).contains(id);

    assertThat(program.run("generate", id, "--prefix", "so", "--length", "3", "--seed", "0").out())
        .as("its model reads the words, too")
        .isEqualTo("so a b c\n");
    Result replay = program.run("replay", id);
    assertThat(replay.exit()).as(replay.out() + replay.err()).isZero();
    Result again = program.run("rerun", id, "--json");
    assertThat(hub.run(again.json().path("id").asText()).path("inputs")).isEqualTo(run.path("inputs"));
  }

  @Test
  void whatIsNotThereIsABadFieldAmongTheOthers() throws Exception {
    Api.Answer answer = hub.tryToLaunch(Scribe.TASK, Map.of("from", source + "/word.txt", "steps", 0));
    assertThat(answer.badFields()).containsExactlyInAnyOrder("params.from", "params.steps");
    Result result = program.run("run", Scribe.TASK, "--from", source + "/word.txt");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("--from cannot be found").contains("keeps no word.txt, but").contains("words.txt");
    assertThat(program.run("run", Scribe.TASK, "--from", "words.txt").err()).contains("--from must be the id of a run");
    assertThat(program.run("run", Scribe.TASK, "--from", "00000000/words.txt").err())
        .contains("no run has an id that begins with 00000000");
  }

  @Test
  void anInputThatIsNotWhatItWasFailsTheRunBeforeItsFirstStep() throws Exception {
    String from = hub.launch(Scribe.TASK, Map.of("words", "d e"));
    hub.untilEnd(from);
    String reader = hub.launch(Scribe.TASK, Map.of("from", from + "/words.txt", "steps", 1000, "pause_ms", 20));
    hub.untilStep(reader, 5);
    program.run("stop", reader);
    hub.untilEnd(reader);
    Path kept = content(from, hub.run(reader).at("/inputs/0/sha256").asText());
    Files.delete(kept);
    Files.writeString(kept, "d f");
    hub.api().post("/api/v1/runs/" + reader + "/resume", Map.of()).is(202);
    JsonNode failed = hub.untilEnd(reader);
    assertThat(failed.path("state").asText()).isEqualTo("FAILED");
    assertThat(failed.path("reason").asText())
        .contains("The input from cannot be read")
        .contains("does not hold what its name says");
    assertThat(failed.path("attempt").asInt()).as("what it has logged stays").isEqualTo(1);
    Files.writeString(kept, "d e");
    hub.api().post("/api/v1/runs/" + reader + "/resume", Map.of()).is(202);
    hub.untilRunning(reader);
    program.run("stop", reader, "--force");
    assertThat(hub.untilEnd(reader).path("attempt").asInt()).isEqualTo(2);
  }

  @Test
  void deletingARunHidesItAndWhoReadsItGoesOn() throws Exception {
    String from = hub.launch(Scribe.TASK, Map.of("words", "g h"));
    hub.untilEnd(from);
    hub.api().send("DELETE", "/api/v1/runs/" + from, null).is(200);
    String reader = hub.launch(Scribe.TASK, Map.of("from", from + "/words.txt"));
    assertThat(hub.untilEnd(reader).path("state").asText()).isEqualTo("FINISHED");
  }
}
