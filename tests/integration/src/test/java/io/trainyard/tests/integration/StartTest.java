package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.tests.integration.Program.Result;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a hub starts, and when it refuses to: with a sentence and exit status 3, never with a stack trace. */
final class StartTest {
  @TempDir Path folder;

  @Test
  void offLoopbackWithoutATokenIsRefused() throws Exception {
    Result result = Program.at(folder.resolve("home")).run("up", "--port", "0", "--host", "0.0.0.0");
    assertRefused(result);
    assertThat(result.err()).contains("0.0.0.0").contains("--token-file");
  }

  @Test
  void aTokenThatIsTooShortIsRefused() throws Exception {
    Path token = folder.resolve("token");
    Files.writeString(token, "short\n");
    Result result = Program.at(folder.resolve("home"))
        .run("up", "--port", "0", "--host", "0.0.0.0", "--token-file", token.toString());
    assertRefused(result);
    assertThat(result.err()).contains("16 characters");
  }

  @Test
  void offLoopbackWithATokenEverythingAsksForIt() throws Exception {
    Path token = folder.resolve("token");
    Files.writeString(token, "0123456789abcdef\n");
    try (LiveHub hub = LiveHub.up(folder.resolve("home"), "--host", "0.0.0.0", "--token-file", token.toString())) {
      Api local = new Api(java.net.URI.create("http://127.0.0.1:" + hub.api().base().getPort() + "/"), Map.of());
      local.get("/api/v1/runs").problem(401);
      local.with("Authorization", "Bearer 0123456789abcdef").get("/api/v1/runs").is(200);
    }
  }

  @Test
  void aPortInUseIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Result result = Program.at(folder.resolve("home")).run("up", "--port", Integer.toString(taken.getLocalPort()));
      assertRefused(result);
      assertThat(result.err()).contains(Integer.toString(taken.getLocalPort())).contains("--port");
    }
  }

  @Test
  void aSecondHubOnOneDataFolderIsRefused() throws Exception {
    Path home = folder.resolve("home");
    try (LiveHub first = LiveHub.up(home)) {
      Result second = Program.at(home).run("up", "--port", "0");
      assertRefused(second);
      assertThat(second.err()).contains(home.toString());
      first.api().get("/readyz").is(200);
      assertThat(Program.JSON.readTree(home.resolve("hub.json").toFile()).path("pid").asLong()).isEqualTo(first.pid());
    }
  }

  @Test
  void aDataFolderOfANewerVersionIsRefusedAndLeftAsItIs() throws Exception {
    Path home = folder.resolve("home");
    assertThat(Program.at(home).run("runs").exit()).isZero();
    Path format = home.resolve("format.json");
    String newer = Files.readString(format).replaceAll("\"format\": *1\\b", "\"format\": 2");
    assertThat(newer).contains("\"format\": 2");
    Files.writeString(format, newer);
    Result result = Program.at(home).run("up", "--port", "0");
    assertRefused(result);
    assertThat(result.err()).contains("format 2").contains("newer");
    assertThat(Files.readString(format)).isEqualTo(newer);
  }

  @Test
  void theFolderOfAHubThatWasKilledIsFreeAgain() throws Exception {
    Path home = folder.resolve("home");
    try (LiveHub first = LiveHub.up(home)) {
      first.api().post("/api/v1/experiments", Map.of("name", "Kept")).is(201);
      List<ProcessHandle> warm =
          Eventually.get("a warm runner", 20, () -> Optional.of(first.children()).filter(it -> !it.isEmpty()));
      first.kill();
      // Nobody is left to give it work.
      Eventually.that("the end of the warm runner", 20, () -> warm.stream().noneMatch(ProcessHandle::isAlive));
    }
    // What the dead hub left behind is seen through.
    assertThat(Program.at(home).run("runs").exit()).isZero();
    try (LiveHub second = LiveHub.up(home)) {
      assertThat(second.get("/api/v1/experiments").path("experiments").findValuesAsText("name"))
          .containsExactly("Default", "Kept");
    }
  }

  @Test
  void aHubSaysWhereItIsAndEndsInOrder() throws Exception {
    Path home = folder.resolve("home");
    try (LiveHub hub = LiveHub.up(home)) {
      JsonNode file = Program.JSON.readTree(home.resolve("hub.json").toFile());
      assertThat(file.path("url").asText()).isEqualTo(hub.api().base().toString().replaceAll("/$", ""));
      JsonNode status = hub.get("/api/v1/hub");
      assertThat(file.path("instance").asText()).isEqualTo(status.path("instance").asText()).isNotBlank();
      assertThat(status.path("slots").asInt()).isEqualTo(2);
      assertThat(status.path("home").asText()).isEqualTo(home.toString());
      assertThat(hub.out()).contains(home.toString());
      List<ProcessHandle> warm =
          Eventually.get("a warm runner", 20, () -> Optional.of(hub.children()).filter(it -> !it.isEmpty()));
      hub.stop();
      assertThat(warm).noneMatch(ProcessHandle::isAlive);
      assertThat(home.resolve("hub.json")).doesNotExist();
      assertThat(hub.err()).doesNotContain("Exception");
    }
  }

  @Test
  void ctrlCStopsTheRunsThatTrain() throws Exception {
    Path home = folder.resolve("home");
    Lab.install(home);
    String id;
    try (LiveHub hub = LiveHub.up(home)) {
      id = hub.launch("lab", LiveHub.params("steps", 100_000, "pause_ms", 5));
      hub.untilStep(id, 3);
      hub.stop();
      assertThat(hub.runners()).isEmpty();
    }
    try (LiveHub hub = LiveHub.up(home)) {
      JsonNode run = hub.run(id);
      assertThat(run.path("state").asText()).isEqualTo("STOPPED");
      assertThat(hub.points(id, "train/loss").path("count").asLong())
          .isEqualTo(Long.parseLong(run.path("reason").asText().replaceAll("\\D", "")));
    }
  }

  private static void assertRefused(Result result) {
    assertThat(result.exit()).as(result.err()).isEqualTo(3);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("trainyard: ").doesNotContain("Exception").doesNotContain("\tat ");
  }
}
