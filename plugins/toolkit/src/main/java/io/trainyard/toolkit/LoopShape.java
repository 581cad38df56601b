package io.trainyard.toolkit;

import io.trainyard.spi.Device;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;

/**
 * Picks how the steps of a training are run, by the model and the device; called by the thread that trains.
 *
 * <p>The figures behind the rule are in {@code docs/decisions/0004-the-trainer.md}.
 */
final class LoopShape {
  /**
   * Up to so many weights times rows, several steps a call are faster on a CPU: a step of that many takes TensorFlow
   * 0.2 ms, and a call from Java 0.04.
   */
  static final long TINY = 100_000;

  /** Steps a call for what is tiny: 1 to 20 ms. */
  static final int MANY = 100;

  private LoopShape() {}

  static Stepper stepper(Ops tf, Session session, Plan<?> plan, int batch, int wanted, Device device) {
    boolean many = plan.work(batch) <= TINY;
    return many
        ? new ManySteps(tf, session, plan, batch, Math.max(1, Math.min(MANY, wanted)))
        : new OneStep(tf, session, plan, batch);
  }

  static ConfigProto config(Device device) {
    ConfigProto.Builder config = ConfigProto.newBuilder().setAllowSoftPlacement(true);
    if (device.kind() == Device.Kind.CPU) {
      // The caller's thread and no other: handing operations of a microsecond to a pool takes longer than they do.
      config.setExperimental(ConfigProto.Experimental.newBuilder().setExecutorType("SINGLE_THREADED_EXECUTOR"));
      // With a GPU in sight TensorFlow would take it unasked.
      config.putDeviceCount("GPU", 0);
    }
    return config.build();
  }
}
