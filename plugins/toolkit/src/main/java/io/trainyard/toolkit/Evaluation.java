package io.trainyard.toolkit;

import io.trainyard.spi.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * An objective over all data, without changing anything. Built once, before the training; then asked after each epoch,
 * by the thread that trains.
 *
 * <p>In chunks, because all layers of all examples at once would take gigabytes; between two chunks it looks whether a
 * stop was asked for.
 */
public final class Evaluation {
  /** 10,000 pictures of 28 x 28 are 31 MB as floats, and take a second core 30 ms. */
  static final int CHUNK = 10_000;

  private final Run run;
  private final LateSession session;
  private final Placeholder<TInt32> from;
  private final Placeholder<TInt32> to;
  private final List<Operand<?>> wanted;
  private final int size;
  private final int means;

  /** Also fetches what else is wanted of each chunk. */
  <B> Evaluation(Run run, Ops tf, LateSession session, Data<B> data, Objective<B> objective, More<B> more) {
    this.run = run;
    this.session = session;
    this.size = data.size();
    from = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    to = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    B batch = data.rows(tf, tf.range(from, to, tf.constant(1)));
    List<Operand<TFloat32>> scalars = objective.means(tf, batch, Noise.none());
    means = scalars.size();
    wanted = new ArrayList<>();
    wanted.add(tf.stack(scalars));
    wanted.addAll(more.of(tf, batch));
  }

  /** The objective's means over all data; the loss is the first. */
  public double[] means() {
    return means((at, count, rest) -> {});
  }

  /** Hands out what else was wanted, chunk by chunk. */
  double[] means(Chunk chunk) {
    double[] sums = new double[means];
    float[] means = new float[this.means];
    for (int at = 0; at < size; at += CHUNK) {
      if (at > 0 && run.stopping()) {
        throw new Stopped("the evaluation");
      }
      int count = Math.min(CHUNK, size - at);
      try (TInt32 low = TInt32.scalarOf(at);
          TInt32 high = TInt32.scalarOf(at + count)) {
        Session.Runner runner = session.get().runner().feed(from, low).feed(to, high);
        wanted.forEach(runner::fetch);
        try (Result result = runner.run()) {
          result.get(0).asRawTensor().data().asFloats().read(means);
          chunk.take(at, count, result);
        }
      }
      for (int i = 0; i < sums.length; i++) {
        sums[i] += (double) means[i] * count;
      }
    }
    return Arrays.stream(sums).map(it -> it / size).toArray();
  }

  /** More operations over a chunk. */
  interface More<B> {
    List<Operand<?>> of(Ops tf, B batch);
  }

  /** Takes what they gave; the first of the result is the means. */
  interface Chunk {
    void take(int at, int count, Result result);
  }
}
