package io.trainyard.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JARs that come and go in the plugins folder of a hub that is up. */
final class PluginsTest {
  private static final long PROMPT_MS = 2_000;

  @TempDir static Path folder;
  private static LiveHub hub;
  private static Path plugins;

  @BeforeAll
  static void start() throws Exception {
    Path home = folder.resolve("home");
    plugins = Files.createDirectories(home.resolve("plugins"));
    Lab.install(home);
    hub = LiveHub.up(home, "--slots", "1");
    Eventually.that("the built-in tasks", 20, () -> hub.task("linreg").isPresent() && hub.task("lab").isPresent());
  }

  @AfterAll
  static void stop() throws Exception {
    hub.close();
  }

  @Test
  void aJarThatIsDroppedInIsATaskWithinTwoSeconds() throws Exception {
    List<Long> took = new ArrayList<>();
    // A busy machine may hold one up; the hub is meant, not the machine.
    for (int i = 0; i < 3 && took.stream().noneMatch(ms -> ms <= PROMPT_MS); i++) {
      String task = "dropped-" + i;
      PluginJar jar = SimpleTask.jar(task, 0.5);
      Path whole = jar.into(folder, task + ".jar");
      long began = System.nanoTime();
      Files.move(whole, plugins.resolve(task + ".jar"));
      Eventually.that("the task " + task, 10, () -> hub.task(task).isPresent());
      took.add((System.nanoTime() - began) / 1_000_000);
    }
    assertThat(took).as("ms until it was there").anyMatch(ms -> ms <= PROMPT_MS);

    JsonNode task = hub.task("dropped-0").orElseThrow();
    assertThat(task.path("title").asText()).isEqualTo("Simple");
    assertThat(task.path("available").asBoolean()).isTrue();
    assertThat(task.path("plugin").path("sha256").asText()).isEqualTo(sha256(plugins.resolve("dropped-0.jar")));
    JsonNode steps = task.path("params").get(0);
    assertThat(steps.path("name").asText()).isEqualTo("steps");
    assertThat(steps.path("type").asText()).isEqualTo("int");
    assertThat(steps.path("default").asInt()).isEqualTo(3);
    assertThat(steps.path("min").asInt()).isEqualTo(1);
    JsonNode run = hub.untilEnd(hub.launch("dropped-0", Map.of()));
    assertThat(run.path("state").asText()).isEqualTo("FINISHED");
    assertThat(run.path("metrics").path("train/loss").path("last").asDouble()).isEqualTo(0.5);

    Files.delete(plugins.resolve("dropped-0.jar"));
    Eventually.that("its task to go", 10, () -> hub.task("dropped-0").isEmpty());
    hub.tryToLaunch("dropped-0", Map.of()).problem(400);
  }

  @Test
  void aJarThatDoesNotNameItsSpiIsRejected() throws Exception {
    SimpleTask.jar("no-spi", 1).manifest("Trainyard-Spi", null).into(plugins, "no-spi.jar");
    assertThat(rejected("no-spi.jar")).contains("no-spi.jar").contains("\"Trainyard-Spi: 1\"");
  }

  @Test
  void aJarForAnotherSpiIsRejectedWithTheWayOut() throws Exception {
    SimpleTask.jar("spi-two", 1).manifest("Trainyard-Spi", "2").into(plugins, "spi-two.jar");
    assertThat(rejected("spi-two.jar"))
        .isEqualTo("spi-two.jar is built for SPI 2; this hub offers SPI 1. Rebuild it with trainyard-spi 1.x.");
  }

  @Test
  void aFileThatIsNoJarIsRejected() throws Exception {
    Files.writeString(plugins.resolve("text.jar"), "this is a text");
    assertThat(rejected("text.jar")).contains("text.jar is not a JAR");
    Path whole = SimpleTask.jar("half", 1).into(folder, "half.jar");
    byte[] bytes = Files.readAllBytes(whole);
    Files.write(plugins.resolve("half.jar"), java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(rejected("half.jar")).contains("half.jar is not a JAR");
    // Whole after all.
    Files.move(whole, plugins.resolve("half.jar"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Eventually.that("the whole JAR", 10, () -> hub.task("half").isPresent());
  }

  @Test
  void aJarWithoutATaskIsRejected() throws Exception {
    PluginJar.of("other.Other", "package other; public final class Other {}").into(plugins, "no-task.jar");
    assertThat(rejected("no-task.jar")).contains("no-task.jar").contains("other.Other");
  }

  @Test
  void aJarThatLacksAClassIsRejectedWithItsName() throws Exception {
    String source = SimpleTask.source("lacks", 1, "final helper.Helper helper = new helper.Helper();", "");
    PluginJar.of("simple.Simple", source)
        .source("helper.Helper", "package helper; public final class Helper {}")
        .leaveOut("helper.Helper")
        .into(plugins, "lacks.jar");
    assertThat(rejected("lacks.jar")).contains("lacks.jar needs the class helper.Helper").contains("Shade");
  }

  @Test
  void aJarWhoseStaticInitializerThrowsIsRejectedWithItsMessage() throws Exception {
    String member = "static { if (true) throw new IllegalStateException(\"no licence\"); }";
    PluginJar.of("simple.Simple", SimpleTask.source("static", 1, member, "")).into(plugins, "static.jar");
    assertThat(rejected("static.jar")).contains("static.jar cannot be initialized").contains("no licence");
  }

  @Test
  void aJarThatExitsWhenItIsReadIsRejected() throws Exception {
    String member = "static { System.exit(0); }";
    PluginJar.of("simple.Simple", SimpleTask.source("exits", 1, member, "")).into(plugins, "exits.jar");
    assertThat(rejected("exits.jar")).contains("exits.jar").contains("System.exit");
  }

  @Test
  void aTaskIdThatIsTakenIsRejectedAndTheFirstKeepsIt() throws Exception {
    SimpleTask.jar("lab", 1).into(plugins, "zz-second-lab.jar");
    assertThat(rejected("zz-second-lab.jar")).contains("\"lab\"").contains(Lab.FILE);
    assertThat(hub.task("lab").orElseThrow().path("plugin").path("file").asText()).isEqualTo(Lab.FILE);
  }

  @Test
  void anUnavailableTaskIsListedWithItsReasonAndRefused() throws Exception {
    String member =
        "@Override public Optional<String> unavailable(Optional<Path> data) {"
            + " return Optional.of(\"The data set is not here. Get it from the library.\"); }";
    PluginJar.of("simple.Simple", SimpleTask.source("unavailable", 1, member, "")).into(plugins, "unavailable.jar");
    Eventually.that("the task", 10, () -> hub.task("unavailable").isPresent());
    JsonNode task = hub.task("unavailable").orElseThrow();
    assertThat(task.path("available").asBoolean()).isFalse();
    assertThat(task.path("reason").asText()).isEqualTo("The data set is not here. Get it from the library.");
    Api.Answer refused = hub.tryToLaunch("unavailable", Map.of());
    assertThat(refused.badFields()).containsExactly("task");
    assertThat(refused.text()).contains("The data set is not here. Get it from the library.");
  }

  @Test
  void aQueuedRunKeepsTheVersionThatItWasLaunchedWith() throws Exception {
    Path jar = SimpleTask.jar("pinned", 1).version("1.0").into(plugins, "pinned.jar");
    String old = sha256(jar);
    Eventually.that("version 1.0", 10, () -> version("pinned").equals("1.0"));
    String holds = hub.launch("lab", LiveHub.params("steps", 100_000, "pause_ms", 5));
    hub.untilStep(holds, 1);
    String queued = hub.launch("pinned", Map.of());
    assertThat(hub.run(queued).path("state").asText()).isEqualTo("QUEUED");

    SimpleTask.jar("pinned", 2).version("2.0").into(plugins, "pinned.jar");
    Eventually.that("version 2.0", 10, () -> version("pinned").equals("2.0"));
    String later = hub.launch("pinned", Map.of());
    hub.api().post("/api/v1/runs/" + holds + "/stop", Map.of("force", true)).is(202);
    JsonNode first = hub.untilEnd(queued);
    JsonNode second = hub.untilEnd(later);
    assertThat(first.path("metrics").path("train/loss").path("last").asDouble()).isEqualTo(1.0);
    assertThat(first.path("provenance").path("plugin.version").asText()).isEqualTo("1.0");
    assertThat(first.path("provenance").path("plugin.sha256").asText()).isEqualTo(old);
    assertThat(second.path("metrics").path("train/loss").path("last").asDouble()).isEqualTo(2.0);
    assertThat(second.path("provenance").path("plugin.version").asText()).isEqualTo("2.0");
    assertThat(hub.home().resolve("plugins/.store/" + old + ".jar")).exists();
  }

  @Test
  void aTaskSeesNeitherTheHubNorAnotherPlugin() throws Exception {
    String probe =
        "for (String name : List.of(\"lab.Lab\", \"io.trainyard.runner.RunnerMain\", \"picocli.CommandLine\")) {"
            + " try { Class.forName(name); throw new IllegalStateException(name + \" is there\"); }"
            + " catch (ClassNotFoundException right) { continue; } }";
    PluginJar.of("simple.Simple", SimpleTask.source("alone", 1, "", probe)).into(plugins, "alone.jar");
    Eventually.that("the task", 10, () -> hub.task("alone").isPresent());
    JsonNode run = hub.untilEnd(hub.launch("alone", Map.of()));
    assertThat(run.path("state").asText()).as(run.path("reason").asText()).isEqualTo("FINISHED");
  }

  private static String version(String task) throws Exception {
    return hub.task(task).map(it -> it.path("plugin").path("version").asText()).orElse("");
  }

  private static String rejected(String file) throws Exception {
    Eventually.that(file + " to be rejected", 15, () -> hub.plugin(file).path("state").asText().equals("REJECTED"));
    JsonNode plugin = hub.plugin(file);
    assertThat(plugin.path("tasks").isEmpty()).isTrue();
    assertThat(plugin.path("sha256").asText()).matches("[0-9a-f]{64}");
    // The other tasks are none the worse.
    assertThat(hub.task("linreg")).isPresent();
    return plugin.path("reason").asText();
  }

  private static String sha256(Path file) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }
}
