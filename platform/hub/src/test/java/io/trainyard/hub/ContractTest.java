package io.trainyard.hub;

import static io.trainyard.hub.TestHub.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.Progress;
import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The samples in tests/contract, which the dashboard's tests read, the schemas of /openapi.json, and the real answers are of one shape.
 */
class ContractTest {
  private static final Path SAMPLES = Path.of("..", "..", "tests", "contract");

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

  @ParameterizedTest
  @CsvSource({
    "experiments.json, ExperimentList", "hub.json, Hub", "log.json, Log", "plugins.json, PluginList", "points-buckets.json, PointsPage",
    "points-raw.json, PointsPage", "problem.json, Problem", "run-whole.json, RunWhole", "run.json, Run", "runs.json, RunList",
    "series.json, SeriesList", "tasks.json, TaskList", "live-run.json, Run", "live-points.json, LivePoints",
    "live-points-skipped.json, LivePoints", "live-log.json, LiveLog", "live-hub.json, LiveHub", "live-hello.json, LiveHello",
    "live-exhibit.json, LiveExhibit", "exhibits.json, ExhibitList", "exhibit-text.json, Exhibit", "exhibit-histogram.json, Exhibit",
    "exhibit-curves.json, Exhibit", "exhibit-matrix.json, Exhibit", "exhibit-table.json, Exhibit", "exhibit-images.json, Exhibit",
    "artifacts.json, ArtifactList", "predictions.json, Answers", "generated.json, Generated", "scored.json, Scored",
    "consumers.json, ConsumerList"
  })
  void samplesAreAsTheSchemasSay(String file, String schema) throws IOException {
    assertThat(Schema.ofBuild().check(schema, TestHub.JSON.readTree(Files.readString(SAMPLES.resolve(file))))).isEmpty();
  }

  @Test
  void answersAreAsTheSchemasSay() throws Exception {
    RunRecord run = hub.running(Map.of("learning_rate", 0.03, "true_w", List.of(2.0, -3.4), "epochs", 5L, "shuffle", true));
    long[] steps = {1, 2, 3};
    double[] values = {0.5, Double.NaN, 0.25};
    TestHub.await(
        hub.bus.request(
            Addresses.APPEND,
            new MetricBatch(
                run.id(), 1, run.attempts().get(0).fence(), MetricBatch.UNSEQUENCED, MetricBatch.UNSEQUENCED,
                List.of(new MetricBatch.Column("train/loss", steps, steps, values), new MetricBatch.Column("grad/norm", steps, steps, values)))));
    hub.bus.publish(Addresses.PROGRESS, new Progress(run.id(), 1, 3, 500, 1, 5));
    Thread.sleep(100);

    String one = "/api/v1/runs/" + run.id();
    is("Hub", "/api/v1/hub");
    is("TaskList", "/api/v1/tasks");
    is("Task", "/api/v1/tasks/linreg");
    is("PluginList", "/api/v1/plugins");
    is("ExperimentList", "/api/v1/experiments");
    is("Experiment", "/api/v1/experiments/0");
    is("RunList", "/api/v1/runs");
    JsonNode whole = is("RunWhole", one);
    is("SeriesList", one + "/series");
    is("ConsumerList", one + "/consumers");
    JsonNode raw = is("PointsPage", one + "/points?name=grad/norm&name=train/loss&name=nothing");
    is("PointsPage", one + "/points?name=train/loss&max=2");
    is("Log", one + "/log");
    is("Health", "/livez");
    is("Health", "/readyz");

    assertThat(whole.get("progress").get("steps").asLong()).isEqualTo(500);
    assertThat(whole.get("params").get("true_w").toString()).isEqualTo("[2.0,-3.4]");
    assertThat(whole.get("params").get("epochs").toString()).isEqualTo("5");
    assertThat(whole.get("metrics").get("train/loss").get("last").asDouble()).isEqualTo(0.25);
    assertThat(whole.get("param_specs").get(1).get("max").isNull()).as("Long.MAX_VALUE is no bound").isTrue();
    assertThat(raw.get("series").findValuesAsText("name")).containsExactly("grad/norm", "train/loss", "nothing");
    assertThat(raw.get("series").get(0).get("values").toString()).isEqualTo("[0.5,\"NaN\",0.25]");
    assertThat(raw.get("version")).isEqualTo(whole.get("version"));
  }

  private JsonNode is(String schema, String path) throws Exception {
    var response = hub.get(path);
    assertThat(response.statusCode()).as(path + " " + response.body()).isEqualTo(200);
    JsonNode answer = json(response);
    assertThat(Schema.ofBuild().check(schema, answer)).as(path).isEmpty();
    return answer;
  }
}
