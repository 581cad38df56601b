package io.trainyard.toolkit;

import java.util.List;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.While;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * Many steps a call: a functional While whose body is a whole training step. One thread.
 *
 * <p>A step of a tiny model takes TensorFlow 10 us, and a call of {@code Session.run} from Java 40: one call a step
 * gives some 20,000 steps a second, 100 steps a call 80,000. Each step's loss and gradient norm are still recorded: the
 * loop writes them into a matrix. The body gets row numbers, not rows; the data lies in variables. The While has no
 * gradient, and needs none: the gradients are built inside of its body. All steps have one size of batch, so that every
 * shape is known when the graph is built; else half of a step would be arithmetic with shapes.
 */
final class ManySteps implements Stepper {
  private final int most;
  private final int batch;
  private final int width;
  private final ConcreteFunction condition;
  private final ConcreteFunction body;
  private final TInt32 rows;
  private final TInt32 count;
  private final TInt64 first;
  private final Session.Runner runner;

  ManySteps(Ops tf, Session session, Plan<?> plan, int batch, int most) {
    this.most = most;
    this.batch = batch;
    this.width = plan.width();
    Shape rowsShape = Shape.of(most * batch);
    Shape recordsShape = Shape.of(most, width);
    // Functions of one name are one function to TensorFlow, and another loop's takes other shapes.
    String size = "_" + most + "_" + batch;
    condition =
        ConcreteFunction.create(
            in -> {
              State state = State.placeholders(in, rowsShape, recordsShape);
              return state.signature("go_on" + size)
                  .output("more", in.math.less(state.step, state.count))
                  .build();
            });
    body =
        ConcreteFunction.create(
            in -> {
              State state = State.placeholders(in, rowsShape, recordsShape);
              return step(in, state, plan).outputs(state.signature("step" + size));
            });

    Placeholder<TInt32> feedRows = tf.placeholder(TInt32.class, Placeholder.shape(rowsShape));
    Placeholder<TInt32> feedCount = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    Placeholder<TInt64> feedFirst = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    Operand<TFloat32> none = tf.zeros(tf.constant(recordsShape.asArray()), TFloat32.class);
    While loop =
        tf.whileOp(List.of(tf.constant(0), feedCount, feedFirst, feedRows, none), condition, body);
    rows = TInt32.tensorOf(rowsShape);
    count = TInt32.scalarOf(0);
    first = TInt64.scalarOf(0);
    runner =
        session
            .runner()
            .feed(feedRows, rows)
            .feed(feedCount, count)
            .feed(feedFirst, first)
            .fetch(loop.output().get(4));
  }

  @Override
  public int most() {
    return most;
  }

  @Override
  public void run(int[] order, int from, long first, int steps, float[] records, int at) {
    rows.asRawTensor().data().asInts().write(order, from, steps * batch);
    count.setInt(steps);
    this.first.setLong(first);
    try (Result result = runner.run()) {
      result.get(0).asRawTensor().data().asFloats().read(records, at, steps * width);
    }
  }

  private State step(Ops tf, State in, Plan<?> plan) {
    Operand<TInt32> start = tf.reshape(tf.math.mul(in.step, tf.constant(batch)), tf.constant(new int[] {1}));
    Operand<TInt32> mine = tf.slice(in.rows, start, tf.constant(new int[] {batch}));
    // Not counted up: where nothing is random and no optimizer counts, it is not computed at all.
    Operand<TInt64> number = tf.math.add(in.first, tf.dtypes.cast(in.step, TInt64.class));
    Plan.Step step = plan.build(tf, mine, number);

    // The next step reads variables again: it must not begin before the updates of this one are done.
    Ops after = tf.withControlDependencies(step.updates());
    return new State(
        after.math.add(in.step, after.constant(1)),
        in.count,
        in.first,
        in.rows,
        tf.tensorScatterNdUpdate(
            in.records,
            tf.reshape(in.step, tf.constant(new int[] {1, 1})),
            tf.reshape(step.record(), tf.constant(new int[] {1, width}))));
  }

  @Override
  public void close() {
    rows.close();
    count.close();
    first.close();
    condition.close();
    body.close();
  }

  /** What goes from one pass of the loop to the next. */
  private record State(
      Operand<TInt32> step,
      Operand<TInt32> count,
      Operand<TInt64> first,
      Operand<TInt32> rows,
      Operand<TFloat32> records) {

    static State placeholders(Ops tf, Shape rows, Shape records) {
      return new State(
          tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar())),
          tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar())),
          tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar())),
          tf.placeholder(TInt32.class, Placeholder.shape(rows)),
          tf.placeholder(TFloat32.class, Placeholder.shape(records)));
    }

    Signature.Builder signature(String name) {
      return Signature.builder(name)
          .input("step", step)
          .input("count", count)
          .input("first", first)
          .input("rows", rows)
          .input("records", records);
    }

    Signature outputs(Signature.Builder signature) {
      return signature
          .output("step", step)
          .output("count", count)
          .output("first", first)
          .output("rows", rows)
          .output("records", records)
          .build();
    }
  }
}
