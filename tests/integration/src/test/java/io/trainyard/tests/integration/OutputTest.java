package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run prints is kept. */
final class OutputTest {
  private static final long MIB = 1 << 20;

  @TempDir static Path folder;
  private static LiveHub hub;

  @BeforeAll
  static void start() throws Exception {
    Path home = folder.resolve("home");
    Lab.install(home);
    hub = LiveHub.up(home);
  }

  @AfterAll
  static void stop() throws Exception {
    hub.close();
  }

  @Test
  void standardOutputErrorLoggingAndNativeLinesAreInTheLog() throws Exception {
    String id = hub.launch("lab", LiveHub.params("act", "print", "note", "the first of all"));
    JsonNode run = hub.untilEnd(id);
    String log = hub.log(id);
    assertThat(log.lines())
        .contains("the first of all", "to standard output", "to standard error", "natively, past Java")
        .contains("mit Umlauten: \u00fcber \u4e2d\u6587 \ud83d\ude82")
        .anyMatch(line -> line.contains("WARN") && line.endsWith("through the logging facade"));
    assertThat(run.path("log").path("size").asLong()).isEqualTo(log.getBytes(StandardCharsets.UTF_8).length);
    assertThat(run.path("log").path("dropped_bytes").asLong()).isZero();
  }

  @Test
  void aLogIsReadPieceByPieceAndFromItsEnd() throws Exception {
    String id = hub.launch("lab", LiveHub.params("act", "print", "note", "\u00e4\u4e2d\ud83d\ude82".repeat(40)));
    hub.untilEnd(id);
    String log = hub.log(id);
    StringBuilder pieces = new StringBuilder();
    long next = 0;
    boolean done = false;
    while (!done) {
      JsonNode piece = hub.get("/api/v1/runs/" + id + "/log?limit=17&from=" + next);
      assertThat(piece.path("from").asLong()).isEqualTo(next);
      assertThat(piece.path("next").asLong()).isGreaterThan(next);
      pieces.append(piece.path("text").asText());
      next = piece.path("next").asLong();
      done = piece.path("done").asBoolean();
    }
    assertThat(pieces.toString()).isEqualTo(log);
    assertThat(hub.get("/api/v1/runs/" + id + "/log?from=-30").path("text").asText())
        .isEqualTo(log.substring(log.length() - 30));
  }

  @Test
  void ofAFloodTheFirstAndTheLastAreKeptAndTheRestIsCounted() throws Exception {
    String id = hub.launch("lab", LiveHub.params("act", "flood", "megabytes", 180));
    JsonNode run = hub.untilEnd(id);
    assertThat(run.path("state").asText()).isEqualTo("FINISHED");
    long size = run.path("log").path("size").asLong();
    long dropped = run.path("log").path("dropped_bytes").asLong();
    // Positions count all that was printed; the first and the last 50 MiB of it are there, in whole pieces of 10.
    assertThat(size).isBetween(180_000_029L, 181 * 1_000_000L);
    assertThat(size - dropped).isBetween(100 * MIB, 125 * MIB);
    String path = "/api/v1/runs/" + id + "/log?limit=1000&from=";
    assertThat(hub.get(path + 0).path("text").asText()).contains("the first line\n0123456789");
    assertThat(hub.get(path + -1000).path("text").asText()).endsWith("0123456789\nthe last line\n");
    assertThat(hub.get(path + (50 * MIB - 2000)).path("text").asText()).contains("0123456789\n0123456789");
    // Whoever asks for what is gone gets what comes after it.
    JsonNode after = hub.get(path + 60 * MIB);
    assertThat(after.path("from").asLong()).isGreaterThan(60 * MIB).isEqualTo(50 * MIB + dropped);
    assertThat(after.path("text").asText()).contains("0123456789");
  }

  @Test
  void linearRegressionPrintsTheLossOfEachEpoch() throws Exception {
    String id = hub.launch("linreg", LiveHub.params("epochs", 3));
    hub.untilEnd(id);
    String log = hub.log(id);
    for (int epoch = 1; epoch <= 3; epoch++) {
      assertThat(log).containsPattern("epoch " + epoch + ", loss [0-9.eE-]+");
    }
  }
}
