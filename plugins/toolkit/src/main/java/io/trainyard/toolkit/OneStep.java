package io.trainyard.toolkit;

import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * One step a call: the numbers of its rows go in, its loss and norms come out. One thread.
 *
 * <p>The tensors that are fed and the Runner are made once: new ones each step cost a tiny model half of its speed. The
 * size of the batch is fixed, so that every shape is known when the graph is built.
 */
final class OneStep implements Stepper {
  private final int batch;
  private final int width;
  private final TInt32 rows;
  private final TInt64 number;
  private final Session.Runner runner;

  OneStep(Ops tf, Session session, Plan<?> plan, int batch) {
    this.batch = batch;
    this.width = plan.width();
    Placeholder<TInt32> feedRows = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(batch)));
    Placeholder<TInt64> feedNumber = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    Plan.Step step = plan.build(tf, feedRows, feedNumber);
    rows = TInt32.tensorOf(Shape.of(batch));
    number = TInt64.scalarOf(0);
    runner = session.runner().feed(feedRows, rows).feed(feedNumber, number).fetch(step.record());
    for (Op update : step.updates()) {
      runner.addTarget(update);
    }
  }

  @Override
  public int most() {
    return 1;
  }

  @Override
  public void run(int[] order, int from, long first, int steps, float[] records, int at) {
    for (int i = 0; i < steps; i++) {
      rows.asRawTensor().data().asInts().write(order, from + i * batch, batch);
      number.setLong(first + i);
      try (Result result = runner.run()) {
        result.get(0).asRawTensor().data().asFloats().read(records, at + i * width, width);
      }
    }
  }

  @Override
  public void close() {
    rows.close();
    number.close();
  }
}
