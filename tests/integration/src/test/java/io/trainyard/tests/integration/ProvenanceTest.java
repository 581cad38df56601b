package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.tests.integration.Program.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run says all that it takes to tell why two runs differ. */
final class ProvenanceTest {
  @TempDir static Path folder;
  private static LiveHub hub;
  private static Program program;

  @BeforeAll
  static void start() throws Exception {
    hub = LiveHub.up(folder.resolve("home"));
    program = Program.at(hub.home());
  }

  @AfterAll
  static void stop() throws Exception {
    hub.close();
  }

  @Test
  void theMachineTheProgramAndThePluginAreRecorded() throws Exception {
    JsonNode run = launched(folder);
    JsonNode facts = run.path("provenance");
    assertThat(facts.path("task").asText()).isEqualTo("linreg");
    assertThat(facts.path("plugin.version").asText()).isEqualTo("0.1.0");
    assertThat(facts.path("plugin.sha256").asText()).isEqualTo(sha256(builtIn()));
    assertThat(facts.path("plugin.file").asText()).isEqualTo(builtIn().getFileName().toString());
    assertThat(facts.path("trainyard.version").asText()).isEqualTo("0.1.0");
    assertThat(facts.path("jdk").asText()).startsWith(Runtime.version().toString());
    assertThat(facts.path("os").asText()).contains(System.getProperty("os.name"), System.getProperty("os.arch"));
    assertThat(facts.path("tensorflow.version").asText()).matches("\\d+\\.\\d+\\.\\d+");
    assertThat(facts.path("tensorflow.native").asText()).startsWith("tensorflow-core-native-");
    assertThat(facts.path("device").asText()).matches("cpu|gpu:0");
    assertThat(facts.path("hostname").asText()).isNotBlank();
    assertThat(facts.path("pid").asLong()).isEqualTo(run.path("attempts").get(0).path("pid").asLong()).isPositive();
    assertThat(facts.path("data.sha256").asText()).matches("[0-9a-f]{64}");
    if (Files.exists(Path.of("/proc/cpuinfo"))) {
      assertThat(facts.path("cpu.model").asText()).isNotBlank();
      assertThat(facts.has("cpu.flags")).isTrue();
    }
    assertThat(run.path("seed").asLong()).isEqualTo(3);
    assertThat(run.path("params").path("epochs").asInt()).isEqualTo(1);
    assertThat(run.path("params").has("learning_rate")).as("defaults, too").isTrue();
    assertThat(run.path("param_specs").findValuesAsText("name")).contains("learning_rate", "epochs");
  }

  @Test
  void outsideOfACheckoutThereIsNoCommit() throws Exception {
    assertThat(launched(folder).path("provenance").has("git_commit")).isFalse();
  }

  @Test
  void fromACheckoutTheCommitAndTheDiffAreRecorded() throws Exception {
    Path checkout = Files.createDirectories(folder.resolve("checkout"));
    git(checkout, "init", "-q");
    Files.writeString(checkout.resolve("model.txt"), "layers: 1\n");
    git(checkout, "add", "model.txt");
    git(checkout, "commit", "-q", "-m", "First");
    String commit = git(checkout, "rev-parse", "HEAD").strip();

    JsonNode clean = launched(checkout).path("provenance");
    assertThat(clean.path("git_commit").asText()).isEqualTo(commit);
    assertThat(clean.path("git_dirty").asText()).isEqualTo("false");
    assertThat(clean.has("git_diff")).isFalse();

    Files.writeString(checkout.resolve("model.txt"), "layers: 2\n");
    JsonNode dirty = launched(checkout).path("provenance");
    assertThat(dirty.path("git_commit").asText()).isEqualTo(commit);
    assertThat(dirty.path("git_dirty").asText()).isEqualTo("true");
    assertThat(dirty.path("git_diff").asText()).contains("-layers: 1\n+layers: 2\n");
  }

  private static JsonNode launched(Path from) throws Exception {
    Result result = program.calledFrom(from).run("run", "linreg", "--epochs", "1", "--seed", "3", "--json");
    assertThat(result.exit()).as(result.err()).isZero();
    return hub.run(result.json().path("id").asText());
  }

  private static Path builtIn() throws IOException {
    try (Stream<Path> files = Files.list(Program.dist().resolve("plugins"))) {
      return files.filter(file -> file.getFileName().toString().startsWith("trainyard-linreg")).findFirst()
          .orElseThrow();
    }
  }

  private static String sha256(Path file) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  /** Without the settings of whoever runs the tests. */
  private static String git(Path checkout, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git", "-c", "user.name=T", "-c", "user.email=t@example.org"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(checkout.toFile()).redirectErrorStream(true);
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out;
  }
}
