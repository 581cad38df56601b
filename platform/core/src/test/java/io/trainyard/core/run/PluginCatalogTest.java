package io.trainyard.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.PluginInfo;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in a plugins folder and is no plugin; with a java that cannot be started. */
class PluginCatalogTest {
  @TempDir private Path folder;
  private Vertx vertx;
  private PluginCatalog catalog;
  private Path plugins;

  @BeforeEach
  void start() throws IOException {
    vertx = Vertx.vertx();
    Home home = new Home(folder);
    plugins = Files.createDirectories(home.plugins());
    JavaCommand none = new JavaCommand(folder.resolve("no-java"), "");
    catalog = new PluginCatalog(List.of(plugins), home, none, new Bus(vertx));
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
