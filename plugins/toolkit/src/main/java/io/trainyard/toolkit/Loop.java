package io.trainyard.toolkit;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.While;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Many steps in one call: a functional While whose body is a whole training step. One thread.
 *
 * <p>A step of a tiny model takes TensorFlow 10 us, and a call of {@code Session.run} from Java 40: one call a step
 * gives some 20,000 steps a second, {@value #MAX_STEPS} steps a call 80,000. Each step's loss and gradient norm are
 * still recorded: the loop writes them into vectors. The body gets row numbers, not rows; the data lies in variables.
 * The While has no gradient, and needs none: the gradients are built inside of its body. All steps have one size of
 * batch, so that every shape is known when the graph is built; else half of a step would be arithmetic with shapes.
 */
final class Loop implements AutoCloseable {
  /** Bounds how soon a stop is seen, too: after 1.3 ms. */
  static final int MAX_STEPS = 100;

  private final int batch;
  private final ConcreteFunction condition;
  private final ConcreteFunction body;
  private final TInt32 rows;
  private final TInt32 count;
  private final Session.Runner runner;
  private final float[] records;

  Loop(
      Trainer trainer,
      Session session,
      Data data,
      int batch,
      int maxSteps,
      Objective objective,
      Optimizer optimizer) {
    this.batch = batch;
    this.records = new float[2 * maxSteps];
    Shape rowsShape = Shape.of(maxSteps * batch);
    Shape recordsShape = Shape.of(maxSteps, 2);
    // Functions of one name are one function to TensorFlow, and another loop's takes other shapes.
    String size = "_" + maxSteps + "_" + batch;
    condition =
        ConcreteFunction.create(
            tf -> {
              State in = State.placeholders(tf, rowsShape, recordsShape);
              return in.signature("go_on" + size)
                  .output("more", tf.math.less(in.step, in.count))
                  .build();
            });
    body =
        ConcreteFunction.create(
            tf -> {
              State in = State.placeholders(tf, rowsShape, recordsShape);
              return step(tf, in, trainer.variables(), data, objective, optimizer).outputs(in.signature("step" + size));
            });

    Ops tf = trainer.tf();
    Placeholder<TInt32> feedRows = tf.placeholder(TInt32.class, Placeholder.shape(rowsShape));
    Placeholder<TInt32> feedCount = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    Operand<TFloat32> none = tf.zeros(tf.constant(recordsShape.asArray()), TFloat32.class);
    While loop =
        tf.whileOp(List.of(tf.constant(0), feedCount, feedRows, none), condition, body);
    rows = TInt32.tensorOf(rowsShape);
    count = TInt32.scalarOf(0);
    runner =
        session.runner().feed(feedRows, rows).feed(feedCount, count).fetch(loop.output().get(3));
  }

  /**
   * Trains some steps.
   *
   * @param order row numbers; those of the first batch begin at {@code first}
   * @param losses gets the mean loss of each step's batch before the step
   * @param norms gets the norm of its gradient over all variables
   * @param at where both begin
   */
  void run(int[] order, int first, int steps, float[] losses, float[] norms, int at) {
    if (steps == 0) {
      return;
    }
    rows.asRawTensor().data().asInts().write(order, first, steps * batch);
    count.setInt(steps);
    try (Result result = runner.run()) {
      result.get(0).asRawTensor().data().asFloats().read(records, 0, 2 * steps);
    }
    for (int i = 0; i < steps; i++) {
      losses[at + i] = records[2 * i];
      norms[at + i] = records[2 * i + 1];
    }
  }

  private State step(
      Ops tf, State in, List<Variable> variables, Data data, Objective objective, Optimizer optimizer) {
    Operand<TInt32> start = tf.reshape(tf.math.mul(in.step, tf.constant(batch)), tf.constant(new int[] {1}));
    Operand<TInt32> mine = tf.slice(in.rows, start, tf.constant(new int[] {batch}));

    Operand<TFloat32> loss = objective.loss(tf, data.rows(tf, mine));
    List<Operand<TFloat32>> reads = new ArrayList<>();
    variables.forEach(it -> reads.add(it.read(tf)));
    Gradients gradients = Gradients.create(tf.scope(), loss, reads);

    List<Op> updates = new ArrayList<>();
    List<Operand<TFloat32>> squares = new ArrayList<>();
    for (int i = 0; i < variables.size(); i++) {
      Operand<TFloat32> gradient = gradients.dy(i);
      squares.add(tf.nn.l2Loss(gradient));
      updates.add(optimizer.update(tf, variables.get(i), gradient));
    }
    // l2Loss is half of the sum of squares.
    Operand<TFloat32> norm = tf.math.sqrt(tf.math.mul(tf.constant(2f), tf.math.addN(squares)));

    // The next step reads variables again: it must not begin before the updates of this one are done.
    Ops after = tf.withControlDependencies(updates);
    return new State(
        after.math.add(in.step, after.constant(1)),
        in.count,
        in.rows,
        tf.tensorScatterNdUpdate(
            in.records,
            tf.reshape(in.step, tf.constant(new int[] {1, 1})),
            tf.reshape(tf.stack(List.of(loss, norm)), tf.constant(new int[] {1, 2}))));
  }

  @Override
  public void close() {
    rows.close();
    count.close();
    condition.close();
    body.close();
  }

  /** What goes from one pass of the loop to the next. */
  private record State(
      Operand<TInt32> step,
      Operand<TInt32> count,
      Operand<TInt32> rows,
      Operand<TFloat32> records) {

    static State placeholders(Ops tf, Shape rows, Shape records) {
      return new State(
          tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar())),
          tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar())),
          tf.placeholder(TInt32.class, Placeholder.shape(rows)),
          tf.placeholder(TFloat32.class, Placeholder.shape(records)));
    }

    Signature.Builder signature(String name) {
      return Signature.builder(name)
          .input("step", step)
          .input("count", count)
          .input("rows", rows)
          .input("records", records);
    }

    Signature outputs(Signature.Builder signature) {
      return signature
          .output("step", step)
          .output("count", count)
          .output("rows", rows)
          .output("records", records)
          .build();
    }
  }
}
