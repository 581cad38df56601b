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
  /** Weights times rows, up to which several steps a call are faster on a CPU. */
  static final long TINY = 100_000;

  /** Steps a call for what is tiny: 1 to 20 ms. */
  static final int MANY = 100;

  /** Steps a call on a GPU: a call waits for the device and for the copy of what it recorded. */
  static final int MANY_ON_GPU = 20;

  /** Weights times rows of all the steps of a call on a GPU: some 20 ms. */
  static final long GPU_CALL = 5_000_000_000L;

  /**
   * Weights times rows of the largest layer, up to which operations are not shared out over the cores. TensorFlow's
   * matrix products of such a size take one thread in any case; what else there is takes 20 to 50 us, and to wake another
   * thread for half of it takes longer, the more so when the hub has its core.
   */
  static final long SMALL = 150_000_000;

  /**
   * The same of a sequence, all weights times the rows of one of its tokens, for each has operations of its own: with one
   * thread and with two a GRU (7.2 M) reads 57,600 and 47,100 tokens/s, an RNN with H 512 (9.3 M) 45,900 and 62,800.
   */
  static final long SMALL_TOKEN = 8_000_000;

  private LoopShape() {}

  /**
   * For steps of this batch.
   *
   * @param wanted how many of them follow each other
   */
  static Stepper stepper(Ops tf, Session session, Plan<?> plan, int batch, int wanted, Device device) {
    // A step over a sequence is hundreds of operations: what a call costs is nothing to it, and the body of a loop runs
    // slower (a recurrence of V 28, H 32: 1,126 steps/s one a call, 913 many).
    boolean one = plan.data().each() > 1 && device.kind() == Device.Kind.CPU;
    int steps = one ? 1 : Math.min(wanted, steps(plan.work(batch), device.kind()));
    return steps > 1 ? new ManySteps(tf, session, plan, batch, steps) : new OneStep(tf, session, plan, batch);
  }

  /** How many steps a call takes at most. */
  static int steps(long work, Device.Kind kind) {
    if (kind == Device.Kind.GPU) {
      return (int) Math.max(1, Math.min(MANY_ON_GPU, GPU_CALL / work));
    }
    return work <= TINY ? MANY : 1;
  }

  /** Whether the operations of a training are worth sharing out over the cores. */
  static boolean shared(Plan<?> plan, int batch) {
    return plan.data().each() > 1 ? plan.workAtOnce(batch) > SMALL_TOKEN : plan.workOfLargest(batch) > SMALL;
  }

  /**
   * For a training.
   *
   * @param shared as {@link #shared} has it
   */
  static ConfigProto config(Device device, boolean shared) {
    ConfigProto.Builder config = ConfigProto.newBuilder().setAllowSoftPlacement(true);
    if (device.kind() == Device.Kind.CPU) {
      // The caller's thread and no other: handing operations of a microsecond to a pool takes longer than they do.
      config.setExperimental(ConfigProto.Experimental.newBuilder().setExecutorType("SINGLE_THREADED_EXECUTOR"));
      if (!shared) {
        config.setIntraOpParallelismThreads(1);
      }
      // With a GPU in sight TensorFlow would take it unasked.
      config.putDeviceCount("GPU", 0);
    }
    return config.build();
  }
}
