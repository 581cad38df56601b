package io.trainyard.runner;

import io.trainyard.spi.Device;
import java.io.File;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;

/** Chooses where a run computes; called once, by the thread "train". */
final class Devices {
  private static final Pattern GPU = Pattern.compile("gpu:(\\d{1,3})");

  private Devices() {}

  /**
   * The device that was asked for, or the best there is.
   *
   * @param wish auto, cpu or gpu:N
   * @throws PluginException if a GPU was asked for by number and cannot be used
   */
  static Device choose(String wish) throws PluginException {
    if (wish.equals("cpu")) {
      return Device.CPU;
    }
    boolean forGpus = nativeLibrary().contains("-gpu");
    if (wish.equals("auto")) {
      return forGpus && usable(0) ? new Device(Device.Kind.GPU, 0) : Device.CPU;
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
    if (!usable(index)) {
      throw new PluginException(
          wish + " was asked for, but TensorFlow does not find it. Is the driver loaded? cpu always works.");
    }
    return new Device(Device.Kind.GPU, index);
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

  private static boolean usable(int index) {
    try {
      return Probe.runs(index);
    } catch (LinkageError | RuntimeException notThere) {
      return false;
    }
  }

  /** A class of its own, so that a class path without TensorFlow fails in here. */
  private static final class Probe {
    static boolean runs(int index) {
      try (Graph graph = new Graph();
          Session session = new Session(graph, ConfigProto.newBuilder().setAllowSoftPlacement(false).build())) {
        DeviceSpec gpu = DeviceSpec.newBuilder().deviceType(DeviceSpec.DeviceType.GPU).deviceIndex(index).build();
        Ops tf = Ops.create(graph).withDevice(gpu);
        try (Tensor sum = session.runner().fetch(tf.math.add(tf.constant(1f), tf.constant(2f))).run().get(0)) {
          return sum.shape().isScalar();
        }
      }
    }
  }
}
