package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trainyard.tests.integration.Program.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code trainyard run}, with a hub that is up. */
final class RunCommandTest {
  @TempDir static Path folder;
  private static LiveHub hub;
  private static Program program;

  @BeforeAll
  static void start() throws Exception {
    Path home = folder.resolve("home");
    Lab.install(home);
    hub = LiveHub.up(home);
    program = Program.at(home);
  }

  @AfterAll
  static void stop() throws Exception {
    hub.close();
  }

  @Test
  void printsExactlyOneJsonObjectWithIdStateParamsAndMetrics() throws Exception {
    Result result = program.run("run", "linreg", "--epochs", "2", "--seed", "1", "--json");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.lines()).hasSize(1);
    JsonNode object = result.json();
    assertThat(fields(object)).containsExactly("id", "state", "params", "metrics");
    assertThat(object.path("id").asText()).matches("[0-9a-f]{32}");
    assertThat(object.path("state").asText()).isEqualTo("FINISHED");
    assertThat(object.path("params").path("epochs").asInt()).isEqualTo(2);
    assertThat(object.path("params").path("learning_rate").asDouble()).isEqualTo(0.03);
    JsonNode loss = object.path("metrics").path("train/loss");
    assertThat(fields(loss)).containsExactlyInAnyOrder("last", "min", "max", "count");
    // 1000 examples in batches of 10, twice.
    assertThat(loss.path("count").asInt()).isEqualTo(200);
    assertThat(loss.path("min").asDouble()).isLessThanOrEqualTo(loss.path("last").asDouble());
    assertThat(object.path("metrics").path("epoch/train_loss").path("count").asInt()).isEqualTo(2);
  }

  @Test
  void theSameSeedGivesTheSameBitsAndAnotherSeedOthers() throws Exception {
    JsonNode one = program.run("run", "linreg", "--epochs", "2", "--seed", "11", "--json").json();
    JsonNode same = program.run("run", "linreg", "--epochs", "2", "--seed", "11", "--json").json();
    JsonNode other = program.run("run", "linreg", "--epochs", "2", "--seed", "12", "--json").json();
    assertThat(withoutClock(same.path("metrics"))).isEqualTo(withoutClock(one.path("metrics")));
    assertThat(other.path("metrics").path("train/loss")).isNotEqualTo(one.path("metrics").path("train/loss"));
    for (String series : List.of("train/loss", "epoch/train_loss")) {
      JsonNode values = hub.points(one.path("id").asText(), series).path("values");
      assertThat(hub.points(same.path("id").asText(), series).path("values")).isEqualTo(values);
      assertThat(hub.points(other.path("id").asText(), series).path("values")).isNotEqualTo(values);
    }
  }

  @Test
  void itsSummaryNamesStateLossAndPoints() throws Exception {
    Result result =
        program.run("run", "lab", "--steps", "7", "--name", "seven", "--tag", "team=rail", "--experiment", "Sevens");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).contains("seven").contains("FINISHED").containsPattern("train/loss .* 7\n");
    assertThat(result.err()).contains("The run goes on when this command ends");
    JsonNode run = hub.get("/api/v1/runs?search=seven").path("runs").get(0);
    assertThat(run.path("experiment").asText()).isEqualTo("Sevens");
    assertThat(run.path("tags").path("team").asText()).isEqualTo("rail");
  }

  @Test
  void progressWithTheCurrentLossGoesToStandardError() throws Exception {
    Result result = program.run("run", "lab", "--steps", "60", "--pause-ms", "30", "--json");
    assertThat(result.err()).contains("loss ").containsPattern("step \\d+ of 60");
    assertThat(result.lines()).hasSize(1);
  }

  @Test
  void flagsMayBeWrittenWithHyphensUnderlinesOrEqualsSigns() throws Exception {
    Result result =
        program.run("run", "lab", "--learning-rate=0.25", "--pause_ms", "1", "--no-shuffle", "--weights", "3,-4.5",
            "--clip", "0.5", "--json");
    JsonNode params = result.json().path("params");
    assertThat(params.path("learning_rate").asDouble()).isEqualTo(0.25);
    assertThat(params.path("pause_ms").asInt()).isEqualTo(1);
    assertThat(params.path("shuffle").asBoolean()).isFalse();
    assertThat(params.path("weights").toString()).isEqualTo("[3.0,-4.5]");
    assertThat(params.path("clip").asDouble()).isEqualTo(0.5);
  }

  @Test
  void aTaskThatIsNotThereIsBadInputAndTheNearestOneIsNamed() throws Exception {
    Result result = program.run("run", "linrge");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("linrge").contains("did you mean linreg?");
  }

  @Test
  void everythingThatIsWrongWithTheParamsIsSaidAtOnceAndNothingStarts() throws Exception {
    int before = hub.get("/api/v1/runs").path("total").asInt();
    Result result =
        program.run("run", "linreg", "--epochs", "0", "--learning-rate", "-1", "--batchsize", "7", "--implementation",
            "magic");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("--epochs must be at least 1, but is 0")
        .contains("--learning-rate must be greater than 0, but is -1")
        .containsPattern("--batch-?size is not a param; did you mean batch_size\\?")
        .containsPattern("--implementation must be one of .*, but is \"magic\"");
    assertThat(hub.get("/api/v1/runs").path("total").asInt()).isEqualTo(before);
  }

  @Test
  void aValueThatIsMissingIsBadInput() throws Exception {
    Result result = program.run("run", "linreg", "--epochs");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("--epochs needs a value");
    assertThat(program.run("run", "linreg", "--seed", "many").exit()).isEqualTo(2);
    assertThat(program.run("run").exit()).isEqualTo(2);
  }

  @Test
  void helpOfATaskListsItsParamsWithDefaultsAndBounds() throws Exception {
    Result result = program.run("run", "linreg", "--help");
    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .contains("Usage: trainyard run TASK")
        .contains("--learning-rate", "--batch-size", "--epochs", "--implementation", "--true-w", "--true-b")
        .contains("0.03", "2.0,-3.4", "4.2", "> 0", "scratch | concise");
  }

  @Test
  void aRunThatFailsOrDivergesEndsTheCommandWithOne() throws Exception {
    Result failed = program.run("run", "lab", "--act", "throw", "--json");
    assertThat(failed.exit()).isEqualTo(1);
    assertThat(failed.json().path("state").asText()).isEqualTo("FAILED");
    Result diverged = program.run("run", "lab", "--act", "diverge");
    assertThat(diverged.exit()).isEqualTo(1);
    assertThat(diverged.out()).contains("DIVERGED").contains("diverged at step 20");
  }

  /** How fast it was is never the same. */
  private static JsonNode withoutClock(JsonNode metrics) {
    return ((ObjectNode) metrics.deepCopy()).without("train/examples_per_second");
  }

  private static List<String> fields(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
