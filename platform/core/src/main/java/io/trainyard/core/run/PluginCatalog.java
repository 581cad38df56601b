package io.trainyard.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.PluginsChanged;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.PluginInfo;
import io.trainyard.core.model.TaskInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the plugin folders: finds JARs, copies whole ones to {@code plugins/.store/<sha256>.jar}, has an inspector
 * read their specs, and knows what can be launched. Works on one thread of its own, "plugins"; anybody may ask, from
 * memory.
 *
 * <p>A JAR counts as whole when its size and time have not changed between two looks and it opens as a zip. A file that
 * has not changed is not read again.
 */
public final class PluginCatalog implements Catalog, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PluginCatalog.class);
  private static final long LOOK_EVERY_MS = 500;

  /**
   * Why a task is unavailable is asked again when somebody looks at the tasks after so long: a JVM that lives for a
   * second.
   */
  private static final long STALE_MS = 45_000;

  /** And this long after the last time when somebody launches one. */
  private static final long JUST_ASKED_MS = 3_000;

  private final List<Path> folders;
  private final PluginStore store;
  private final Bus bus;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "plugins"));
  private final CompletableFuture<Void> firstLook = new CompletableFuture<>();
  private final Map<Path, Seen> seen = new LinkedHashMap<>();
  private final Map<String, TaskInfo> pinned = new ConcurrentHashMap<>();
  private volatile List<PluginInfo> plugins = List.of();
  private volatile List<TaskInfo> tasks = List.of();
  private volatile boolean looked;

  /** A file as it was when it was last looked at; {@code verdict} is null until it is known to be whole. */
  private record Seen(long size, FileTime modified, @Nullable Verdict verdict) {}

  /**
   * What an inspector has said.
   *
   * @param at when, by {@link System#nanoTime}
   */
  private record Verdict(PluginInfo plugin, List<TaskInfo> tasks, long at) {
    boolean refuses() {
      return tasks.stream().anyMatch(task -> task.unavailable() != null);
    }
  }

  /**
   * @param folders in this order; of two JARs that offer one task, the first keeps it
   * @param inspect how to start an inspector
   */
  public PluginCatalog(List<Path> folders, Home home, JavaCommand inspect, Bus bus) {
    this.folders = List.copyOf(folders);
    this.store = new PluginStore(home.pluginStore(), inspect);
    this.bus = bus;
  }

  /** Starts to look; the stage completes when every JAR that is there now has been judged. */
  public CompletionStage<Void> start() {
    thread.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
    return firstLook;
  }

  @Override
  public CompletionStage<Void> ready() {
    return firstLook;
  }

  @Override
  public List<PluginInfo> plugins() {
    return plugins;
  }

  @Override
  public List<TaskInfo> tasks() {
    looked = true;
    return tasks;
  }

  @Override
  public CompletionStage<Void> askAgain() {
    return CompletableFuture.runAsync(() -> askAgain(JUST_ASKED_MS), thread);
  }

  @Override
  public Optional<TaskInfo> pinned(String taskId, String pluginSha256) {
    TaskInfo known = pinned.get(pluginSha256 + "/" + taskId);
    return known != null ? Optional.of(known) : store.cached(pluginSha256, taskId);
  }

  /** The copy that runs of this plugin load. */
  public Path jar(String sha256) {
    return store.jar(sha256);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      // What it announces needs the bus, which is closed next.
      thread.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      boolean changed = false;
      boolean undecided = false;
      List<Path> files = files();
      changed |= seen.keySet().retainAll(files);
      for (Path file : files) {
        if (thread.isShutdown()) {
          return;
        }
        Seen before = seen.get(file);
        Seen now;
        try {
          now = new Seen(Files.size(file), Files.getLastModifiedTime(file), null);
        } catch (IOException e) {
          // A link that leads nowhere, say. It must not keep the others from being offered.
          if (before == null || before.size >= 0) {
            String name = file.getFileName().toString();
            String reason = "plugins/" + name + " cannot be read: " + e + ". Remove it, or make it readable.";
            Verdict verdict = rejected(name, null, 0, reason);
            seen.put(file, new Seen(-1, FileTime.fromMillis(0), verdict));
            changed = true;
          }
          continue;
        }
        boolean same = before != null && before.size == now.size && before.modified.equals(now.modified);
        if (same && before.verdict != null) {
          continue;
        }
        boolean settled = same || now.modified.toMillis() < System.currentTimeMillis() - 2 * LOOK_EVERY_MS;
        if (settled) {
          if (firstLook.isDone()) {
            publish(file);
          }
          seen.put(file, new Seen(now.size, now.modified, judge(file, now.size)));
        } else {
          seen.put(file, now);
          undecided = true;
        }
        changed = true;
      }
      if (changed && !thread.isShutdown()) {
        publish(null);
      }
      if (!undecided) {
        firstLook.complete(null);
      }
      if (looked) {
        looked = false;
        askAgain(STALE_MS);
      }
    } catch (RuntimeException e) {
      log.error("looking for plugins failed; will look again", e);
    }
  }

  /** Has those inspected anew that offered a task which could not be launched, if that was so long ago. */
  private void askAgain(long olderThanMs) {
    boolean changed = false;
    for (Map.Entry<Path, Seen> one : List.copyOf(seen.entrySet())) {
      Seen before = one.getValue();
      Verdict verdict = before.verdict;
      if (verdict == null || !verdict.refuses() || thread.isShutdown()) {
        continue;
      }
      if (System.nanoTime() - verdict.at < TimeUnit.MILLISECONDS.toNanos(olderThanMs)) {
        continue;
      }
      Verdict now = judge(one.getKey(), before.size);
      // An inspector that fails now says nothing new about a JAR that it has read before.
      boolean refused = now.plugin.state() == PluginInfo.State.REJECTED;
      Verdict kept = refused ? new Verdict(verdict.plugin, verdict.tasks, now.at) : now;
      seen.put(one.getKey(), new Seen(before.size, before.modified, kept));
      changed |= !kept.tasks.equals(verdict.tasks);
    }
    if (changed && !thread.isShutdown()) {
      publish(null);
    }
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (Stream<Path> list = Files.list(folder)) {
        list.filter(file -> file.getFileName().toString().endsWith(".jar")).sorted().forEach(files::add);
      } catch (IOException e) {
        log.warn("cannot read the plugins folder {}: {}", folder, e.toString());
      }
    }
    return files;
  }

  private Verdict judge(Path file, long size) {
    String name = file.getFileName().toString();
    String sha256 = null;
    try {
      sha256 = store.add(file);
      JsonNode specs = store.inspect(sha256, name);
      if (specs.has("error")) {
        return rejected(name, sha256, size, specs.get("error").asText());
      }
      String version = specs.path("version").asText("unknown");
      List<TaskInfo> offered = new ArrayList<>();
      for (JsonNode task : specs.path("tasks")) {
        offered.add(SpecJson.task(task, name, version, sha256));
      }
      List<String> ids = offered.stream().map(TaskInfo::id).toList();
      PluginInfo plugin =
          new PluginInfo(name, PluginInfo.State.LOADED, null, sha256, version, specs.path("spi").asInt(), ids, size);
      return new Verdict(plugin, List.copyOf(offered), System.nanoTime());
    } catch (IOException | RuntimeException e) {
      // Whatever is odd about one JAR, the others are still to be looked at.
      return rejected(name, sha256, size, "plugins/" + name + " cannot be read: " + e);
    }
  }

  private Verdict rejected(String name, @Nullable String sha256, long size, String reason) {
    if (!thread.isShutdown()) {
      // A look that the end of the hub interrupts says nothing about the JAR.
      log.warn("plugin {} is rejected: {}", name, reason);
    }
    return new Verdict(
        new PluginInfo(name, PluginInfo.State.REJECTED, reason, sha256, null, null, List.of(), size),
        List.of(),
        System.nanoTime());
  }

  /** Recomputes what is offered; of two JARs with one task id the first one keeps it. */
  private void publish(@Nullable Path inspecting) {
    List<PluginInfo> allPlugins = new ArrayList<>();
    Map<String, TaskInfo> offered = new LinkedHashMap<>();
    seen.forEach(
        (file, state) -> {
          Verdict verdict = state.verdict;
          if (verdict == null || file.equals(inspecting)) {
            String name = file.getFileName().toString();
            allPlugins.add(
                new PluginInfo(name, PluginInfo.State.INSPECTING, null, null, null, null, List.of(), state.size));
            return;
          }
          for (TaskInfo task : verdict.tasks) {
            TaskInfo other = offered.get(task.id());
            if (other != null && !other.ref().pluginSha256().equals(task.ref().pluginSha256())) {
              String reason = "it offers the task \"" + task.id() + "\", which " + other.ref().pluginFile()
                  + " offers already. Remove one of the two, or give the task another id.";
              allPlugins.add(rejected(verdict.plugin.file(), verdict.plugin.sha256(), state.size, reason).plugin);
              return;
            }
          }
          for (TaskInfo task : verdict.tasks) {
            offered.putIfAbsent(task.id(), task);
            pinned.put(task.ref().pluginSha256() + "/" + task.id(), task);
          }
          allPlugins.add(verdict.plugin);
        });
    List<TaskInfo> sorted = new ArrayList<>(offered.values());
    sorted.sort(java.util.Comparator.comparing(TaskInfo::id));
    plugins = List.copyOf(allPlugins);
    tasks = List.copyOf(sorted);
    bus.publish(Addresses.PLUGINS, new PluginsChanged());
  }
}
