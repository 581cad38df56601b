package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.tests.integration.Program.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plugin shows and keeps, from its runner to whoever asks, and the bands that its task brings. */
final class ArtifactsTest {
  @TempDir static Path folder;
  private static LiveHub hub;
  private static Program program;
  private static String id;

  @BeforeAll
  static void start() throws Exception {
    Path home = folder.resolve("home");
    Walk.install(home);
    hub = LiveHub.up(home);
    program = Program.at(home);
    id = hub.launch(Walk.TASK, Map.of("epochs", 3));
    assertThat(hub.untilEnd(id).path("state").asText()).isEqualTo("FINISHED");
  }

  @AfterAll
  static void stop() throws Exception {
    hub.close();
  }

  @Test
  void exhibitsAreThereByNameAndStepWhenTheRunHasEnded() throws Exception {
    JsonNode exhibits = hub.get("/api/v1/runs/" + id + "/exhibits").path("exhibits");
    assertThat(exhibits.findValuesAsText("name")).containsExactly("both", "position");
    assertThat(exhibits.get(1).path("entries").findValuesAsText("step")).containsExactly("50", "100", "150");
    String one = "/api/v1/runs/" + id + "/exhibit?name=position";
    assertThat(hub.get(one).path("data").path("text").asText()).startsWith("epoch 3: ");
    assertThat(hub.get(one + "&step=100").path("data").path("text").asText()).startsWith("epoch 2: ");
    JsonNode histogram = hub.get("/api/v1/runs/" + id + "/exhibit?name=both&step=50");
    assertThat(histogram.path("kind").asText()).isEqualTo("histogram");
    assertThat(histogram.path("data").path("counts")).hasSize(2);
    hub.api().get(one + "&step=51").problem(404);
  }

  @Test
  void filesAreListedAndFetchedWithTheirHashChecked() throws Exception {
    Result list = program.run("artifacts", id.substring(0, 8));
    assertThat(list.exit()).as(list.err()).isZero();
    assertThat(list.out()).contains("checkpoints/best.npz", "checkpoints/last.npz", "report/summary.txt");
    Path file = folder.resolve("fetched.txt");
    Result fetched = program.run("artifacts", id, "report/summary.txt", "-o", file.toString());
    assertThat(fetched.exit()).as(fetched.err()).isZero();
    assertThat(file).content().startsWith("at ");
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    assertThat(fetched.err()).contains(sha256);
    Result unnamed = program.run("artifacts", id, "checkpoints/last.npz");
    assertThat(unnamed.exit()).as(unnamed.err()).isZero();
    assertThat(program.folder().resolve("last.npz")).hasSize(16);
    Result missing = program.run("artifacts", id, "report/other.txt");
    assertThat(missing.exit()).isEqualTo(4);
    assertThat(missing.err()).contains("no file \"report/other.txt\"").contains("report/summary.txt");
    assertThat(program.run("artifacts", id, "-o", "x").exit()).isEqualTo(2);
    Result nowhere = program.run("artifacts", id, "report/summary.txt", "-o", "/nowhere/x");
    assertThat(nowhere.exit()).isEqualTo(1);
    assertThat(nowhere.err()).contains("cannot be written");
  }

  @Test
  void aFileThatIsDamagedOnDiskIsNeverAnsweredWith() throws Exception {
    String other = hub.launch(Walk.TASK, Map.of("epochs", 1));
    hub.untilEnd(other);
    String sha256 = "";
    for (JsonNode artifact : hub.get("/api/v1/runs/" + other + "/artifacts").path("artifacts")) {
      sha256 = artifact.path("role").isNull() ? artifact.path("sha256").asText() : sha256;
    }
    Path content = hub.home().resolve("artifacts").resolve(other).resolve("files").resolve(sha256);
    byte[] bytes = Files.readAllBytes(content);
    bytes[3] ^= 1;
    Files.delete(content);
    Files.write(content, bytes);
    hub.api().get("/api/v1/runs/" + other + "/artifacts/report/summary.txt").problem(500);
    Result verify = program.run("verify");
    assertThat(verify.exit()).isEqualTo(5);
    assertThat(verify.out()).contains("DAMAGED").contains(sha256);
  }

  @Test
  void aRunSaysWhetherItIsInsideTheBandsOfItsTask() throws Exception {
    List<JsonNode> bands = hub.run(id).findParents("inside");
    assertThat(bands).hasSize(2);
    assertThat(bands.get(0).path("inside").asBoolean()).isTrue();
    assertThat(bands.get(0).path("step").asLong()).isEqualTo(100);
    assertThat(bands.get(1).path("inside").asBoolean()).isFalse();
    Result run = program.run("run", Walk.TASK, "--epochs", "2");
    assertThat(run.out())
        .contains("inside the reference band: test/score at point 2 is ")
        .contains("OUTSIDE the reference band: test/score at point 1 is ")
        .contains("published by: The walkers");
    assertThat(program.run("show", id).out()).contains("OUTSIDE the reference band").contains("report/summary.txt");
    assertThat(program.run("run", Walk.TASK, "--epochs", "2", "--steps", "8").out()).doesNotContain("reference band");
  }
}
