package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.tests.integration.Program.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands without a hub that is up: they start one for as long as they take. */
final class OwnHubTest {
  @TempDir Path folder;

  @Test
  void aRunNeedsNoHubAndLeavesNoneBehind() throws Exception {
    Path home = folder.resolve("home");
    Program program = Program.at(home);
    Result result = program.run("run", "linreg", "--epochs", "1", "--seed", "1", "--json");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.lines()).hasSize(1);
    String id = result.json().path("id").asText();
    assertThat(home.resolve("hub.json")).doesNotExist();

    // The next command reads what the last one stored.
    JsonNode runs = program.run("runs", "--json").json();
    assertThat(runs.path("runs").findValuesAsText("id")).containsExactly(id);
    assertThat(program.run("export", id).lines().stream().filter(line -> line.contains(",train/loss,"))).hasSize(100);
    assertThat(program.run("verify").exit()).isZero();

    // It has ended, and a hub that is there for one command stops nothing.
    Result stop = program.run("stop", id);
    assertThat(stop.exit()).isEqualTo(2);
    assertThat(stop.err()).contains("has ended already; it is FINISHED");
  }

  @Test
  void aPluginThatTakesItsTimeToBeReadIsWaitedFor() throws Exception {
    Path home = folder.resolve("home");
    String slow = "static { java.util.concurrent.locks.LockSupport.parkNanos(2_000_000_000L); }";
    PluginJar.of("simple.Simple", SimpleTask.source("slow", 1, slow, "")).into(home.resolve("plugins"), "slow.jar");
    Result result = Program.at(home).run("tasks");
    assertThat(result.out()).contains("slow").contains("linreg");
  }

  @Test
  void aTerminationSignalStopsTheRunAndStoresItsEnd() throws Exception {
    Path home = folder.resolve("home");
    Lab.install(home);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        Program.process(folder, List.of("run", "lab", "--steps", "1000", "--pause-ms", "20", "--home", home.toString()))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      Eventually.that("progress", 40, () -> Files.readString(err).contains("step "));
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    JsonNode run = Program.at(home).run("runs", "--json").json().path("runs").get(0);
    assertThat(run.path("state").asText()).isEqualTo("STOPPED");
    assertThat(run.path("metrics").path("train/loss").path("count").asInt()).isPositive();
  }

  @Test
  void theHomeComesFromTheEnvironmentWhereNoneIsGiven() throws Exception {
    Path home = folder.resolve("elsewhere");
    ProcessBuilder builder = Program.process(folder, List.of("runs")).redirectErrorStream(true);
    builder.environment().put("TRAINYARD_HOME", home.toString());
    Process named = builder.redirectOutput(folder.resolve("out").toFile()).start();
    assertThat(named.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(named.exitValue()).as(Files.readString(folder.resolve("out"))).isZero();
    assertThat(Files.readString(folder.resolve("out"))).contains("No runs.");
    assertThat(home.resolve("token")).exists();
  }

  @Test
  void aHubElsewhereIsReachedByItsAddress() throws Exception {
    try (LiveHub hub = LiveHub.up(folder.resolve("home"))) {
      Program stranger = Program.at(folder.resolve("other"));
      String url = hub.api().base().toString();
      String token = hub.home().resolve("token").toString();
      assertThat(stranger.run("runs", "--hub", url).exit()).isZero();
      // To launch takes the token.
      Result refused = stranger.run("run", "linreg", "--epochs", "1", "--hub", url);
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err()).contains("token");
      Result launched =
          stranger.run("run", "linreg", "--epochs", "1", "--json", "--hub", url, "--token-file", token);
      assertThat(launched.exit()).as(launched.err()).isZero();
    }
    Result gone = Program.at(folder.resolve("other")).run("runs", "--hub", "http://127.0.0.1:9");
    assertThat(gone.exit()).isEqualTo(3);
    assertThat(gone.err()).contains("http://127.0.0.1:9").contains("does not answer");
  }
}
