package io.trainyard.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What Ctrl-C and SIGTERM do, and who may use a data folder. */
final class OrderlyEndTest {
  @Test
  void sigtermEndsTheHubAndItsRunnersInOrderAndLosesNothing() {
    try (Yard yard = new Yard(Yard.Layout.LIGHT)) {
      Api api = yard.up();
      KnownRun first = yard.launch(1, new KnownRun.Pace(100_000, 500, 10));
      KnownRun second = yard.launch(2, new KnownRun.Pace(100_000, 500, 1));
      KnownRun queued = yard.launch(3, new KnownRun.Pace(50, 500, 1));
      Await.until(() -> "two runs train: " + api.text("/api/v1/runs"), Duration.ofSeconds(30), () -> first.training() && second.training());

      yard.down();

      yard.up();
      for (KnownRun run : new KnownRun[] {first, second}) {
        JsonNode now = run.now(yard.api());
        assertThat(now.get("state").asText()).as(now.toString()).isEqualTo("STOPPED");
        assertThat(now.get("lost_points").asLong()).isZero();
        assertThat(PointCheck.checkEnded(yard.api(), run)).isPositive();
      }
      Await.until("what was queued runs at the next start", Duration.ofSeconds(30), () -> queued.state(yard.api()).equals("FINISHED"));
      PointCheck.checkEnded(yard.api(), queued);
      yard.down();
      yard.passed();
    }
  }

  @Test
  void secondHubOnOneDataFolderIsRefusedAndTheFirstGoesOn() {
    try (Yard yard = new Yard(Yard.Layout.LIGHT)) {
      yard.up();
      HubProcess.Ended second = yard.start().run("up", "--port", "0");
      assertThat(second.status()).as(second.output()).isEqualTo(3);
      assertThat(second.output()).contains("in use by process " + yard.hub().pid()).contains("--home").doesNotContain("\tat ");
      assertThat(yard.api().ask("/readyz").status()).isEqualTo(200);
      yard.down();
      yard.passed();
    }
  }

  @Test
  void dataFolderOfNewerVersionIsRefusedAndLeftAsItIs() throws IOException {
    try (Yard yard = new Yard(Yard.Layout.LIGHT)) {
      String newer = "{\"format\": 999, \"createdAt\": 1}\n";
      Files.writeString(yard.home().resolve("format.json"), newer);
      HubProcess.Ended hub = yard.start().run("up", "--port", "0");
      assertThat(hub.status()).as(hub.output()).isEqualTo(3);
      assertThat(hub.output()).contains("999").contains("newer").doesNotContain("\tat ");
      assertThat(yard.home().resolve("format.json")).hasContent(newer);
      assertThat(yard.home().resolve("journal")).doesNotExist();
      yard.processes().awaitNone(Duration.ofSeconds(10));
      yard.passed();
    }
  }
}
