package io.trainyard.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.PluginInfo;
import io.trainyard.core.model.TaskInfo;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in a plugins folder and is no plugin; with a java that cannot be started. */
class PluginCatalogTest {
  @TempDir private Path folder;
  private Vertx vertx;
  private Bus bus;
  private PluginCatalog catalog;
  private Path plugins;

  @BeforeEach
  void start() throws IOException {
    vertx = Vertx.vertx();
    Home home = new Home(folder);
    plugins = Files.createDirectories(home.plugins());
    JavaCommand none = new JavaCommand(folder.resolve("no-java"), "");
    bus = new Bus(vertx);
    catalog = new PluginCatalog(List.of(plugins), home, none, bus);
  }

  @AfterEach
  void stop() {
    catalog.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private List<PluginInfo> afterTheFirstLook() throws Exception {
    catalog.start().toCompletableFuture().get(10, TimeUnit.SECONDS);
    return catalog.plugins();
  }

  @Test
  void aLinkThatLeadsNowhereIsRejectedAndHoldsNobodyUp() throws Exception {
    Files.createSymbolicLink(plugins.resolve("gone.jar"), folder.resolve("nowhere.jar"));
    List<PluginInfo> seen = afterTheFirstLook();
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0).state()).isEqualTo(PluginInfo.State.REJECTED);
    assertThat(seen.get(0).reason()).contains("plugins/gone.jar cannot be read", "Remove it");
  }

  @Test
  void oneThatCannotBeInspectedIsRejectedAndTheOthersAreStillLookedAt() throws Exception {
    for (String name : List.of("a.jar", "b.jar")) {
      Path file = Files.writeString(plugins.resolve(name), name);
      Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() - 60_000));
    }
    assertThat(afterTheFirstLook()).extracting(PluginInfo::file).containsExactly("a.jar", "b.jar");
    assertThat(catalog.plugins()).extracting(PluginInfo::state).containsOnly(PluginInfo.State.REJECTED);
  }

  /** An inspector that says what a file says: what a task is and why it cannot be launched. */
  private PluginCatalog inspecting(String specs) throws Exception {
    Files.writeString(folder.resolve("specs"), specs);
    Path java = folder.resolve("java");
    Files.writeString(
        java,
        "#!/bin/sh\necho once >> " + folder + "/asked\nfor out in \"$@\"; do :; done\ncp " + folder
            + "/specs \"$out\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    Path file = Files.writeString(plugins.resolve("a.jar"), "a");
    Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() - 60_000));
    catalog.close();
    catalog = new PluginCatalog(List.of(plugins), new Home(folder), new JavaCommand(java, ""), bus);
    catalog.start().toCompletableFuture().get(10, TimeUnit.SECONDS);
    return catalog;
  }

  private static String specs(String unavailable) {
    return "{\"spi\":1,\"version\":\"1\",\"tasks\":[{\"id\":\"mlp\",\"title\":\"MLP\",\"unavailable\":" + unavailable
        + ",\"params\":[{\"name\":\"rate\",\"type\":\"real\",\"default\":1},{\"name\":\"sizes\",\"type\":\"list\","
        + "\"element\":{\"name\":\"size\",\"type\":\"int\"}}],\"metrics\":[{\"name\":\"a\",\"goal\":\"MAXIMIZE\"},"
        + "{\"name\":\"b\",\"goal\":\"NONE\",\"timed\":true}],\"best\":\"a\",\"predictor\":{\"width\":28,\"height\":27,"
        + "\"channels\":3},\"bands\":[{\"metric\":\"a\",\"point\":5,\"low\":0.5,\"high\":1,\"source\":\"here\","
        + "\"when\":{\"rate\":1,\"sizes\":[256]}}]}]}";
  }

  private long asked() throws IOException {
    return Files.readAllLines(folder.resolve("asked")).size();
  }

  @Test
  void aTaskThatWasUnavailableIsAskedAgainAndOneThatIsNotIsRemembered() throws Exception {
    inspecting(specs("\"its data is missing\""));
    assertThat(catalog.tasks()).extracting(TaskInfo::unavailable).containsExactly("its data is missing");
    catalog.askAgain().toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThat(asked()).as("it was asked a moment ago").isEqualTo(1);
    // The data comes.
    Files.writeString(folder.resolve("specs"), specs("null"));
    TimeUnit.MILLISECONDS.sleep(3_100);
    catalog.askAgain().toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThat(catalog.tasks()).extracting(TaskInfo::unavailable).containsOnlyNulls();
    assertThat(asked()).isEqualTo(2);
    TimeUnit.MILLISECONDS.sleep(3_100);
    catalog.askAgain().toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThat(asked()).as("nothing stands in its way").isEqualTo(2);
    inspecting(specs("null"));
    assertThat(asked()).as("what was said is kept over a restart").isEqualTo(2);
  }

  @Test
  void whatAnOlderInspectorWroteIsReadFromTheJarAgain() throws Exception {
    inspecting(specs("null"));
    String sha256 = catalog.tasks().get(0).ref().pluginSha256();
    Path store = new Home(folder).pluginStore();
    Files.move(store.resolve(sha256 + ".spi1.v3.json"), store.resolve(sha256 + ".spi1.json"));
    assertThat(catalog.pinned("mlp", sha256)).isPresent();
    inspecting(specs("null"));
    assertThat(asked()).isEqualTo(2);
    assertThat(store.resolve(sha256 + ".spi1.v3.json")).exists();
  }

  @Test
  void bandsPredictorAndJudgeComeTypedAsTheParamsAre() throws Exception {
    TaskInfo task = inspecting(specs("null")).tasks().get(0);
    assertThat(task.best()).isEqualTo("a");
    assertThat(task.predictor()).isEqualTo(new TaskInfo.PredictorInfo(28, 27, 3));
    assertThat(task.metrics())
        .containsExactly(new TaskInfo.MetricInfo("a", "MAXIMIZE", false), new TaskInfo.MetricInfo("b", "NONE", true));
    assertThat(task.bands())
        .containsExactly(
            new TaskInfo.BandInfo("a", 5, 0.5, 1, "here", Map.of("rate", 1.0, "sizes", List.of(256L))));
  }

  @Test
  void aCopyThatWasTornIsMadeAnew() throws Exception {
    Path file = Files.writeString(folder.resolve("plugin.jar"), "all of it");
    PluginStore store = new PluginStore(folder.resolve("store"), new JavaCommand(folder.resolve("no-java"), ""));
    String sha256 = store.add(file);
    Files.writeString(store.jar(sha256), "");
    assertThat(store.add(file)).isEqualTo(sha256);
    assertThat(store.jar(sha256)).hasContent("all of it");
  }
}
