package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.tests.integration.Program.Result;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trained language model goes on with texts and scores them, by the API and by the commands. */
final class LanguageTest {
  @TempDir static Path folder;
  private static LiveHub hub;
  private static Program program;
  private static String id;

  @BeforeAll
  static void start() throws Exception {
    Path home = folder.resolve("home");
    Lab.install(home);
    Scribe.install(home);
    hub = LiveHub.up(home);
    program = Program.at(home);
    id = hub.launch(Scribe.TASK, Map.of("words", "the time machine stood"));
    assertThat(hub.untilEnd(id).path("state").asText()).isEqualTo("FINISHED");
  }

  @AfterAll
  static void stop() throws Exception {
    hub.close();
  }

  @Test
  void thePageKnowsThatItsModelCanBeAsked() throws Exception {
    assertThat(hub.run(id).path("language_model").asBoolean()).isTrue();
    assertThat(hub.task(Scribe.TASK).orElseThrow().path("language_model").asBoolean()).isTrue();
    assertThat(hub.task(Lab.TASK).orElseThrow().path("language_model").asBoolean()).isFalse();
  }

  @Test
  void aPrefixIsGoneOnWithTheSameForTheSameSeed() throws Exception {
    Map<String, ?> question = Map.of("prefix", "so", "length", 3, "seed", 1);
    JsonNode answer = hub.api().post("/api/v1/runs/" + id + "/generate", question).is(200).json();
    assertThat(answer.path("text").asText()).isEqualTo(" time machine stood");
    assertThat(answer.at("/checkpoint/role").asText()).isEqualTo("last");

    Result result = program.run("generate", id.substring(0, 8), "--prefix", "so", "--length", "3", "--seed", "1");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo("so time machine stood\n");
    assertThat(result.err()).contains("By checkpoints/last.npz, saved at step 3; --seed 1");
    JsonNode json = program.run("generate", id, "--prefix", "so", "--temperature", "0.5", "--json").json();
    assertThat(json.path("length").asInt()).isEqualTo(200);
    assertThat(json.path("temperature").asDouble()).isEqualTo(0.5);
  }

  @Test
  void aTextIsTheProductOfItsFactors() throws Exception {
    Result result = program.run("score", id, "the", "time machine");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.lines())
        .containsExactly(
            "FACTOR                 PROBABILITY",
            "P(the)                 0.250000",
            "P(time | the)          0.250000",
            "P(machine | the time)  0.250000",
            "product                0.0156250",
            "log-likelihood         -4.15888 nats",
            "perplexity             4");
    JsonNode json = program.run("score", id, "the time machine", "--json").json();
    assertThat(json.path("perplexity").asDouble()).isEqualTo(4.0);
    assertThat(json.at("/factors/2/given").toString()).isEqualTo("[\"the\",\"time\"]");
  }

  @Test
  void whatWasNeverSeenIsZeroAndThePerplexityInfinite() throws Exception {
    JsonNode answer =
        hub.api().post("/api/v1/runs/" + id + "/score", Map.of("text", "the zebra")).is(200).json();
    assertThat(answer.at("/factors/1/probability").asDouble()).isZero();
    assertThat(answer.path("log_likelihood").asText()).isEqualTo("-Infinity");
    assertThat(answer.path("perplexity").asText()).isEqualTo("Infinity");
    Result result = program.run("score", id, "the zebra");
    assertThat(result.out())
        .contains("P(zebra | the)  0", "perplexity      Infinity", "holds 1 of the 2 tokens for impossible");
  }

  @Test
  void whatTheModelRefusesIsSaidByField() throws Exception {
    assertThat(hub.api().post("/api/v1/runs/" + id + "/generate", Map.of()).badFields()).containsExactly("prefix");
    Result result = program.run("generate", id);
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("prefix was refused by the model: it must have at least one word");
  }

  @Test
  void aTaskThatIsNoLanguageModelOrARunWithoutACheckpointSaysSo() throws Exception {
    String lab = hub.launch(Lab.TASK, Map.of("steps", 3));
    hub.untilEnd(lab);
    assertThat(program.run("generate", lab, "--prefix", "a").err())
        .contains("the task lab neither goes on with texts nor scores them");
    Map<String, Object> never = Map.of("task", Scribe.TASK, "options", Map.of("checkpoint_every", "never"));
    String without = hub.api().post("/api/v1/experiments/0/runs", never).is(201).json().path("id").asText();
    hub.untilEnd(without);
    assertThat(program.run("score", without, "a").err()).contains("checkpoint_every is never");
    hub.stranger().post("/api/v1/runs/" + id + "/generate", Map.of("prefix", "a")).problem(401);
  }
}
