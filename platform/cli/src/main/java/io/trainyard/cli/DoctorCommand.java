package io.trainyard.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code trainyard doctor}. */
@Command(
    name = "doctor",
    description = "Says what is missing on this machine, and how to get it.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  /** TensorFlow unpacks 650 MB once, and a store wants room. */
  private static final long ROOM_BYTES = 2L << 30;

  private static final List<String> FASHION_MNIST =
      List.of("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");
  private static final List<String> TIME_MACHINE = List.of("timemachine.txt");

  @Mixin private HomeOptions home = new HomeOptions();
  @Spec private @Nullable CommandSpec spec;

  private int missing;

  @Override
  public Integer call() {
    PrintWriter out = Cli.out(spec);
    int java = Runtime.version().feature();
    check(out, java >= 17, "Java " + Runtime.version(), "Trainyard needs Java 17 or later.");
    out.println("      " + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
        + System.getProperty("os.arch") + ", " + Runtime.getRuntime().availableProcessors() + " processors");
    Path lib = Installation.jar().resolveSibling("lib");
    String build = "Build it: ./trainyard build (TRAINYARD_NATIVE chooses another native).";
    String nativeJar = nativeJar(lib);
    check(out, !nativeJar.isEmpty(), "TensorFlow and its native in " + lib, build);
    device(out, nativeJar);
    Path plugins = Installation.jar().resolveSibling("plugins");
    check(out, Files.isDirectory(plugins), "built-in plugins in " + plugins, "Build them: ./trainyard build");
    Path root = home.home().root();
    dataSets(out, root);
    String another = "Choose another one with --home or TRAINYARD_HOME.";
    check(out, writable(root), "the data folder " + root + " can be written", another);
    check(out, roomy(root), "at least 2 GiB are free for it", "Free some space, or choose another folder with --home.");
    boolean up = up();
    String hub = up ? "A hub is up for this data folder." : "No hub is up for this data folder: trainyard up";
    out.println("      " + hub);
    String nextPort = "'trainyard demo' takes the next free one; 'trainyard up --port N' another one.";
    check(out, up || portIsFree(8080), "port 8080 is free", nextPort, false);
    tool(out, "git", "to record which commit a run was launched from", "Install git.", "--version");
    tool(out, "mvn", "to build from source", "Install Maven 3.8 or later.", "--version");
    tool(out, "node", "to build the dashboard from source", "Install Node 20 or later.", "--version");
    String chromium = "Debian: apt-get install chromium.";
    tool(out, "chromium", "for the browser tests of ./trainyard test", chromium, "--version");
    out.println(missing == 0 ? "All that is needed is here." : missing + " missing.");
    return missing == 0 ? ExitCode.OK : ExitCode.MISSING;
  }

  private void check(PrintWriter out, boolean ok, String what, String otherwise) {
    check(out, ok, what, otherwise, true);
  }

  private void check(PrintWriter out, boolean ok, String what, String otherwise, boolean needed) {
    out.println((ok ? "  ok  " : needed ? "  NO  " : "  --  ") + what + (ok ? "" : ": no. " + otherwise));
    if (!ok && needed) {
      missing++;
    }
  }

  /** A tool that helps; without it the rest works. */
  private static void tool(PrintWriter out, String name, String why, String otherwise, String versionFlag) {
    String version = "";
    try {
      Process process = new ProcessBuilder(name, versionFlag).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readNBytes(4096), StandardCharsets.UTF_8);
      if (process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0) {
        version = text.lines().findFirst().orElse("").replaceAll("\u001b\\[[0-9;]*m", "");
      }
    } catch (IOException e) {
      version = "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    out.println(version.isEmpty() ? "  --  no " + name + ", " + why + ". " + otherwise : "  ok  " + version);
  }

  private boolean up() {
    try {
      return HubSession.up(home).isPresent();
    } catch (CommandException itsTokenIsAnother) {
      return true;
    }
  }

  /** Name of the JAR with TensorFlow's native library; empty where that, or TensorFlow itself, is missing. */
  private static String nativeJar(Path lib) {
    if (!Files.isDirectory(lib)) {
      return "";
    }
    try (Stream<Path> files = Files.list(lib)) {
      List<String> names = files.map(file -> file.getFileName().toString()).toList();
      return names.stream()
          .filter(name -> name.matches("tensorflow-core-native-[0-9.]+-.+\\.jar"))
          .filter(name -> names.stream().anyMatch(other -> other.startsWith("tensorflow-core-api")))
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  /** Where runs will train. A GPU takes a native for it, and a driver. */
  private static void device(PrintWriter out, String nativeJar) {
    boolean forGpus = nativeJar.contains("-gpu");
    boolean driver = Files.exists(Path.of("/proc/driver/nvidia/version"));
    String there = driver ? "There is an NVIDIA driver" : "There is no NVIDIA driver";
    if (forGpus) {
      String next = driver ? "'--device auto' trains on the GPU." : "runs train on the CPU, and say so.";
      out.println("      The native is for GPUs (" + nativeJar + "). " + there + ": " + next);
    } else if (!nativeJar.isEmpty()) {
      String next = driver ? "; a build with TRAINYARD_NATIVE=linux-x86_64-gpu trains on its GPU." : ".";
      out.println("      The native is for the CPU (" + nativeJar + "). " + there + next);
    }
    if (driver) {
      tool(out, "nvidia-smi", "to see the GPUs", "It comes with the driver.", "-L");
    }
  }

  /** The data of tasks that are built in, in the places where they look for it. */
  private static void dataSets(PrintWriter out, Path root) {
    out.println(
        dataSet("fashion-mnist", FASHION_MNIST, root, Path.of("/usr/share/datasets/fashion-mnist"))
            .map(it -> "  ok  Fashion-MNIST in " + it)
            .orElse(
                "  --  no Fashion-MNIST, for softmax and mlp. Debian: apt-get install dataset-fashion-mnist; or name a"
                    + " folder with it in TRAINYARD_DATA; or its first run downloads 31 MB."));
    out.println(
        dataSet("time-machine", TIME_MACHINE, root)
            .map(it -> "  ok  The Time Machine in " + it)
            .orElse(
                "  --  no The Time Machine, for tasks on texts: they take a made-up text then. Name a folder with"
                    + " timemachine.txt in TRAINYARD_DATA; or a run with --corpus time-machine downloads 0.2 MB."));
  }

  private static Optional<Path> dataSet(String name, List<String> files, Path root, Path... system) {
    String named = System.getenv("TRAINYARD_DATA");
    List<Path> places = new ArrayList<>();
    if (named != null && !named.isBlank()) {
      places.add(Path.of(named));
      places.add(Path.of(named, name));
    }
    places.addAll(List.of(system));
    places.add(root.resolve("datasets").resolve(name));
    return places.stream().filter(place -> files.stream().allMatch(file -> there(place, file))).findFirst();
  }

  private static boolean there(Path folder, String file) {
    return Files.isRegularFile(folder.resolve(file + ".gz")) || Files.isRegularFile(folder.resolve(file));
  }

  private static boolean writable(Path root) {
    try {
      Files.createDirectories(root);
      Path probe = Files.createTempFile(root, "doctor", ".tmp");
      Files.delete(probe);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean roomy(Path root) {
    try {
      return Files.getFileStore(root).getUsableSpace() >= ROOM_BYTES;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean portIsFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort() == port;
    } catch (IOException e) {
      return false;
    }
  }
}
