package io.trainyard.runner;

import io.trainyard.spi.Device;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;

/** Chooses where a run computes; called once, by the thread "train". */
final class Devices {
  private static final Logger log = LoggerFactory.getLogger(Devices.class);
  private static final Pattern GPU = Pattern.compile("gpu:(\\d{1,3})");

  private Devices() {}

  /**
   * What is computed on.
   *
   * @param fallback why it is the CPU though TensorFlow for GPUs is installed and nobody asked for the CPU; null where
   *     there is nothing to explain
   */
  record Choice(Device device, @Nullable String fallback) {}

  /**
   * The device that was asked for, or the best there is. That a GPU was hoped for in vain is in the log.
   *
   * @param wish auto, cpu or gpu:N
   * @throws PluginException if a GPU was asked for by number and cannot be used
   */
  static Choice choose(String wish) throws PluginException {
    if (wish.equals("cpu")) {
      return new Choice(Device.CPU, null);
    }
    boolean forGpus = nativeLibrary().contains("-gpu");
    if (wish.equals("auto")) {
      String obstacle = forGpus ? obstacle(0) : null;
      if (obstacle != null) {
        log.warn("The CPU is used, not a GPU: {}", obstacle);
        return new Choice(Device.CPU, obstacle);
      }
      return new Choice(forGpus ? new Device(Device.Kind.GPU, 0) : Device.CPU, null);
    }
    Matcher gpu = GPU.matcher(wish);
    if (!gpu.matches()) {
      throw new PluginException("\"" + wish + "\" is not a device; there are auto, cpu and gpu:N.");
    }
    int index = Integer.parseInt(gpu.group(1));
    if (!forGpus) {
      throw new PluginException(
          wish + " was asked for, but this installation has TensorFlow for CPUs (" + nativeLibrary()
              + "). Choose cpu, or build with -Dtensorflow.native=linux-x86_64-gpu.");
    }
    String obstacle = obstacle(index);
    if (obstacle != null) {
      throw new PluginException(
          wish + " was asked for, but " + obstacle + " Choose cpu, or auto, which takes what works.");
    }
    return new Choice(new Device(Device.Kind.GPU, index), null);
  }

  /** File name of the JAR with TensorFlow's native library; "none" without one on the class path. */
  static String nativeLibrary() {
    for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
      String name = String.valueOf(Path.of(entry).getFileName());
      // The JAR without a classifier has the Java side only.
      if (name.matches("tensorflow-core-native-[0-9.]+-[a-z].*\\.jar")) {
        return name;
      }
    }
    return "none";
  }

  /** Why a GPU cannot be used, as a sentence; null when it can: something was computed there. */
  private static @Nullable String obstacle(int index) {
    try {
      Probe.compute(index);
      return null;
    } catch (LinkageError | RuntimeException notThere) {
      // Of TensorFlow's message the first line; the others list the devices that there are.
      String said = Reasons.of(notThere).lines().findFirst().orElse("");
      boolean linux = Files.isDirectory(Path.of("/proc"));
      boolean driver = !linux || Files.isDirectory(Path.of("/proc/driver/nvidia"));
      String missing = driver ? "" : "this machine has no NVIDIA driver: ";
      return missing + "TensorFlow cannot compute on GPU " + index + " (" + said + ").";
    }
  }

  /** A class of its own, so that a class path without TensorFlow fails in here. */
  private static final class Probe {
    static void compute(int index) {
      try (Graph graph = new Graph();
          Session session = new Session(graph, ConfigProto.newBuilder().setAllowSoftPlacement(false).build())) {
        DeviceSpec gpu = DeviceSpec.newBuilder().deviceType(DeviceSpec.DeviceType.GPU).deviceIndex(index).build();
        Ops tf = Ops.create(graph).withDevice(gpu);
        try (Tensor sum = session.runner().fetch(tf.math.add(tf.constant(1f), tf.constant(2f))).run().get(0)) {
          sum.shape();
        }
      }
    }
  }
}
