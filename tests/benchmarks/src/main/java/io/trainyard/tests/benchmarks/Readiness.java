package io.trainyard.tests.benchmarks;

import io.trainyard.core.model.MetricBatch;
import io.trainyard.store.StoreOptions;
import io.trainyard.store.TrainyardStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * How soon after its start the hub answers, against the least server of the same library; and what memory it holds when
 * idle.
 */
final class Readiness {
  private static final int IDLE_SECONDS = 20;
  private static final long GIGABYTE = 1L << 30;

  private Readiness() {}

  static void run(Main.Options options) throws Exception {
    try (Scratch scratch = new Scratch("ready")) {
      Path jar = scratch.path().resolve("bare.jar");
      PluginJar.bare(jar);
      Path trainyard = Program.dist().resolve("trainyard.jar");
      Path bareArchive = scratch.path().resolve("bare.jsa");
      Path hubArchive = scratch.path().resolve("hub.jsa");
      Path empty = scratch.path().resolve("empty");
      Path gigabyte = scratch.path().resolve("gigabyte");
      Path log = scratch.path().resolve("output");
      String classPath = jar + ":" + trainyard;

      // As the launcher makes it, by one run of the program.
      start(bare(classPath, "-XX:ArchiveClassesAtExit=" + bareArchive), log).close();
      start(hub(trainyard, empty, "-XX:ArchiveClassesAtExit=" + hubArchive), log).close();
      fill(gigabyte);

      String withBare = "-XX:SharedArchiveFile=" + bareArchive;
      String withHub = "-XX:SharedArchiveFile=" + hubArchive;
      List<Double> bare = new ArrayList<>();
      List<Double> hub = new ArrayList<>();
      List<Double> large = new ArrayList<>();
      List<Double> bareCold = new ArrayList<>();
      List<Double> hubCold = new ArrayList<>();
      for (int i = 0; i < options.repeat(); i++) {
        bare.add(ready(bare(classPath, withBare), log));
        hub.add(ready(hub(trainyard, empty, withHub), log));
        large.add(ready(hub(trainyard, gigabyte, withHub), log));
        bareCold.add(ready(bare(classPath, "-Xshare:auto"), log));
        hubCold.add(ready(hub(trainyard, empty, "-Xshare:auto"), log));
      }
      double idle = idle(hub(trainyard, empty, withHub), log);
      double idleLarge = idle(hub(trainyard, gigabyte, withHub), log);

      Figures.head("process", "ready, median of " + options.repeat(), "against bare Vert.x", "idle memory");
      Figures.row("bare Vert.x, class-data archive", millis(bare), "1", "");
      Figures.row("hub, class-data archive (as the launcher starts it)", millis(hub), ratio(hub, bare), mib(idle));
      Figures.row("the same with a store of 1 GiB", millis(large), ratio(large, bare), mib(idleLarge));
      Figures.row("bare Vert.x, no archive", millis(bareCold), "1", "");
      Figures.row("hub, no archive", millis(hubCold), ratio(hubCold, bareCold), "");
      System.out.println(
          "From the start of the process to the first 200 of /readyz. Memory is the kernel's VmRSS of the hub after "
              + IDLE_SECONDS
              + " s; the warm runner is a process of its own.");
    }
  }

  private static List<String> bare(String classPath, String flag) {
    return Program.java(flag, "-cp", classPath, BareVertx.class.getName());
  }

  private static List<String> hub(Path trainyard, Path home, String flag) {
    return Program.java(flag, "-jar", trainyard.toString(), "up", "--home", home.toString(), "--port");
  }

  private static Program start(List<String> command, Path log) throws Exception {
    int port = Program.freePort();
    List<String> whole = new ArrayList<>(command);
    whole.add(Integer.toString(port));
    return Program.start(whole, port, log);
  }

  private static double ready(List<String> command, Path log) throws Exception {
    try (Program program = start(command, log)) {
      return program.readyMillis;
    }
  }

  private static double idle(List<String> command, Path log) throws Exception {
    try (Program program = start(command, log)) {
      Thread.sleep(IDLE_SECONDS * 1000L);
      return program.residentMiB();
    }
  }

  /** 100 runs of two series; noisy doubles, so that a gigabyte is not a billion points. */
  private static void fill(Path home) throws Exception {
    Files.createDirectories(home);
    Random random = new Random(1);
    try (TrainyardStore store = TrainyardStore.open(home, StoreOptions.defaults())) {
      List<Feed> feeds = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        feeds.add(new Feed(store, i + 1, 2));
      }
      for (long step = 0; store.status().chunkBytes() < GIGABYTE; step += 2000) {
        for (Feed feed : feeds) {
          feed.send(noise(random, "train/loss", step), noise(random, "grad/norm", step));
        }
      }
      feeds.forEach(Feed::drain);
    }
  }

  private static MetricBatch.Column noise(Random random, String name, long first) {
    int count = 2000;
    long[] steps = new long[count];
    long[] times = new long[count];
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      steps[i] = first + i;
      times[i] = 1_700_000_000_000L + first;
      values[i] = random.nextDouble();
    }
    return new MetricBatch.Column(name, steps, times, values);
  }

  private static double median(List<Double> values) {
    return Figures.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static String millis(List<Double> values) {
    return Figures.format("%.0f ms", median(values));
  }

  private static String ratio(List<Double> values, List<Double> base) {
    return Figures.format("**%.2f**", median(values) / median(base));
  }

  private static String mib(double value) {
    return Figures.format("**%.0f MiB**", value);
  }
}
