package io.trainyard.runner;

import org.tensorflow.Graph;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;

/**
 * Loads what every training needs while the runner waits: some 0.7 s of TensorFlow (2.7 s the first time on a machine)
 * that no run has to wait for. Called by the main thread.
 *
 * <p>It opens no session: the first one of a process settles for all of them on how many threads operations are shared
 * out, and that is the task's to choose. What is left to it takes 25 ms.
 */
final class Warmup {
  private Warmup() {}

  /**
   * Never fails: where TensorFlow cannot be loaded, the task that needs it says so, and one that does not is none the
   * wiser.
   */
  static void run() {
    try {
      TensorFlowOnce.run();
    } catch (LinkageError | RuntimeException noTensorFlow) {
      return;
    }
  }

  /** A class of its own, so that a class path without TensorFlow fails in here. */
  private static final class TensorFlowOnce {
    static void run() {
      try (Graph graph = new Graph()) {
        Ops tf = Ops.create(graph);
        tf.math.add(tf.constant(1f), tf.constant(2f));
        graph.toGraphDef();
        ConfigProto.newBuilder().build().toByteArray();
      }
    }
  }
}
