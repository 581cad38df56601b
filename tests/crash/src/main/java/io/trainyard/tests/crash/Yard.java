package io.trainyard.tests.crash;

import io.trainyard.core.run.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A data folder with a hub that comes and goes, for one test; used by one thread. Closing it kills what is left, and deletes the folder unless the test has
 * failed.
 */
final class Yard implements AutoCloseable {
  /** Files so small that sealing, checkpoints of the view and the retirement of segments never stop. */
  static final List<String> SMALL_STORE =
      List.of(
          "trainyard.store.segmentBytes=65536",
          "trainyard.store.sealPoints=256",
          "trainyard.store.sealDelayMillis=20",
          "trainyard.store.checkpointBytes=32768",
          "trainyard.store.reserveBytes=4194304");

  private final Path folder;
  private final Path home;
  private final Processes processes = new Processes();
  private final @Nullable SmallDisk disk;
  private final Phases phases;
  private final HubProcess.Start start;
  private HubProcess hub;
  private Api api;
  private int truths;
  private boolean passed;

  /** How a yard differs from another. */
  record Layout(boolean tensorflow, int slots, List<String> properties, int diskMegabytes) {
    /** Two slots, a small store, no TensorFlow. */
    static final Layout LIGHT = new Layout(false, 2, SMALL_STORE, 0);

    /** The data folder is a disk of its own, which nobody else sees. */
    Layout onDiskOf(int megabytes) {
      return new Layout(tensorflow, slots, properties, megabytes);
    }
  }

  Yard(Layout layout) {
    try {
      folder = Files.createTempDirectory("trainyard-crash-");
      Path inside = Files.createDirectories(folder.resolve("home"));
      disk = layout.diskMegabytes == 0 ? null : SmallDisk.mount(inside, layout.diskMegabytes, processes);
      home = disk == null ? inside : disk.outside();
      phases = new Phases(folder.resolve("phases"));
      Dist shipped = Dist.find();
      Dist dist = layout.tensorflow ? shipped : shipped.light(folder.resolve("dist"));
      PluginJar.write(home.resolve("plugins/known.jar"));
      // Older than a second: a JAR that was just written might still grow, and is looked at twice.
      Files.setLastModifiedTime(home.resolve("plugins/known.jar"), java.nio.file.attribute.FileTime.fromMillis(0));
      List<String> properties = new ArrayList<>(layout.properties);
      properties.add("trainyard.store.phasefile=" + phases.file());
      List<String> before = disk == null ? List.of() : disk.enter();
      start = new HubProcess.Start(dist, inside, home, folder.resolve("hub.out"), layout.slots, properties, before, processes);
      Runtime.getRuntime().addShutdownHook(new Thread(processes::killAll, "kill-leftovers"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The data folder, as this process sees it. */
  Path home() {
    return home;
  }

  Phases phases() {
    return phases;
  }

  HubProcess.Start start() {
    return start;
  }

  HubProcess hub() {
    return hub;
  }

  Api api() {
    return api;
  }

  /** Starts a hub and waits until it is ready. */
  Api up() {
    begin();
    return ready();
  }

  /** Starts a hub, and does not wait. */
  HubProcess begin() {
    phases.reset();
    hub = start.begin();
    return hub;
  }

  Api ready() {
    api = hub.ready();
    return api;
  }

  /** Launches a run whose points are known. */
  KnownRun launch(long seed, KnownRun.Pace pace) {
    try {
      return KnownRun.launch(api, folder.resolve("truth-" + truths++), seed, pace);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads every byte of the store through the hub; fails when something is wrong with it. */
  void verify() {
    var report = api.post("/api/v1/verify", 200, java.util.Map.of());
    if (!report.get("problems").isEmpty()) {
      throw new AssertionError("verify has found: " + report);
    }
  }

  /** Ends the hub in order, and waits until no process of this yard is left. */
  void down() {
    hub.terminate(Duration.ofSeconds(40));
    if (disk != null) {
      disk.release();
    }
    processes.awaitNone(Duration.ofSeconds(20));
  }

  /** The disk of a {@link Layout#onDiskOf}. */
  SmallDisk disk() {
    return java.util.Objects.requireNonNull(disk, "this yard has no disk of its own");
  }

  Processes processes() {
    return processes;
  }

  /** The test has come to its end: nothing of it is needed any more. */
  void passed() {
    passed = true;
  }

  @Override
  public void close() {
    processes.killAll();
    try {
      if (passed) {
        Trees.delete(folder);
      } else {
        System.err.println("What is left of the failed test: " + folder);
        if (hub != null) {
          System.err.println("The last that its hub has printed:\n" + hub.printed());
        }
      }
    } catch (IOException e) {
      System.err.println("not all of " + folder + " could be deleted: " + e);
    }
  }
}
