package io.trainyard.runner;

import io.trainyard.client.SpoolWriter;
import io.trainyard.spi.Device;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.tensorflow.TensorFlow;

/** Records what it takes to tell why two runs differ; called once, by the thread "train". */
final class Provenance {
  private Provenance() {}

  static void record(SpoolWriter spool, Assignment assignment, String pluginVersion, Devices.Choice choice) {
    String version = Provenance.class.getPackage().getImplementationVersion();
    spool.provenance("trainyard.version", version == null ? "not packaged" : version);
    spool.provenance("task", assignment.task());
    spool.provenance("plugin.version", pluginVersion);
    spool.provenance("plugin.sha256", assignment.pluginSha256());
    spool.provenance("jdk", Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
    spool.provenance("jvm.flags", jvmFlags());
    spool.provenance(
        "os",
        System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"));
    spool.provenance("cpu.model", cpu("model name"));
    spool.provenance("cpu.flags", vectorFlags());
    spool.provenance("cpu.count", Integer.toString(Runtime.getRuntime().availableProcessors()));
    spool.provenance("tensorflow.version", tensorFlow());
    spool.provenance("tensorflow.native", Devices.nativeLibrary());
    // oneDNN on or off gives other bits for the same seed.
    String oneDnn = System.getenv("TF_ENABLE_ONEDNN_OPTS");
    spool.provenance("tensorflow.onednn", oneDnn == null ? "default" : oneDnn);
    Device device = choice.device();
    spool.provenance("device", device.kind() == Device.Kind.CPU ? "cpu" : "gpu:" + device.index());
    if (choice.fallback() != null) {
      spool.provenance("device.fallback", choice.fallback());
    }
    spool.provenance("hostname", hostname());
    spool.provenance("pid", Long.toString(ProcessHandle.current().pid()));
  }

  private static String tensorFlow() {
    try {
      return TensorFlow.version();
    } catch (LinkageError none) {
      return "none";
    }
  }

  private static String jvmFlags() {
    String[] arguments = ProcessHandle.current().info().arguments().orElse(new String[0]);
    return String.join(" ", Stream.of(arguments).takeWhile(it -> it.startsWith("-") && !it.equals("-cp")).toList());
  }

  /** First entry of {@code /proc/cpuinfo}; empty where there is none. */
  private static String cpu(String field) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(it -> it.startsWith(field))
          .findFirst()
          .map(it -> it.substring(it.indexOf(':') + 1).strip())
          .orElse("");
    } catch (IOException notLinux) {
      return "";
    }
  }

  /** Those that decide which kernels TensorFlow takes, of the hundred and more that a CPU has. */
  private static String vectorFlags() {
    TreeSet<String> kept = new TreeSet<>();
    for (String flag : List.of(cpu("flags").toLowerCase(Locale.ROOT).split(" "))) {
      if (flag.matches("sse4_[12]|avx.*|fma|f16c|amx.*|bmi2")) {
        kept.add(flag);
      }
    }
    return String.join(" ", kept);
  }

  private static String hostname() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException notLinux) {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (IOException unknown) {
        return "unknown";
      }
    }
  }
}
