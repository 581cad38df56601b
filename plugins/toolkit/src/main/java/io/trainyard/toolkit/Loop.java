package io.trainyard.toolkit;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.RawTensor;
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
 * <p>A step of a tiny model takes TensorFlow 10 us, and a call of {@code Session.run} from Java 40: one call a step gives some 20,000 steps
 * a second, {@value #MAX_STEPS} steps a call 90,000. Each step's loss and gradient norm are still recorded: the loop writes them into
 * vectors. The body gets row numbers, not rows; the data lies in variables. The While has no gradient, and needs none: the gradients are
 * built inside of its body.
 */
final class Loop implements AutoCloseable {
  /** Bounds how soon a stop is seen, too: after 1.1 ms. */
  static final int MAX_STEPS = 100;

  private final int batch;
  private final ConcreteFunction condition;
  private final ConcreteFunction body;
  private final TInt32 rows;
  private final TInt32 total;
  private final Session.Runner runner;
  private final int[] block;

  Loop(Trainer trainer, Session session, Data data, int batch, Objective objective, Optimizer optimizer) {
    this.batch = batch;
    this.block = new int[MAX_STEPS * batch];
    Shape rowsShape = Shape.of(block.length);
    Shape values = Shape.of(MAX_STEPS);
    condition =
        ConcreteFunction.create(
            tf -> {
              State in = State.placeholders(tf, rowsShape, values);
              return in.signature("go_on")
                  .output("more", tf.math.less(tf.math.mul(in.step, tf.constant(batch)), in.total))
                  .build();
            });
    body =
        ConcreteFunction.create(
            tf -> {
              State in = State.placeholders(tf, rowsShape, values);
              return step(tf, in, trainer.variables(), data, objective, optimizer).outputs(in.signature("step"));
            });

    Ops tf = trainer.tf();
    Placeholder<TInt32> feedRows = tf.placeholder(TInt32.class, Placeholder.shape(rowsShape));
    Placeholder<TInt32> feedTotal = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    Operand<TFloat32> zeros = tf.zeros(tf.constant(new int[] {MAX_STEPS}), TFloat32.class);
    While loop =
        tf.whileOp(List.of(tf.constant(0), feedTotal, feedRows, zeros, zeros), condition, body);
    rows = TInt32.tensorOf(rowsShape);
    total = TInt32.scalarOf(0);
    runner =
        session.runner().feed(feedRows, rows).feed(feedTotal, total).fetch(loop.output().get(3)).fetch(loop.output().get(4));
  }

  /**
   * Trains one step for each batch of the rows from {@code first} to before {@code end}; the last batch may be short.
   *
   * @param losses gets the mean loss of each step's batch before the step
   * @param norms gets the norm of its gradient over all variables
   */
  void run(int[] order, int first, int end, float[] losses, float[] norms) {
    System.arraycopy(order, first, block, 0, end - first);
    rows.asRawTensor().data().asInts().write(block, 0, end - first);
    total.setInt(end - first);
    int steps = (end - first + batch - 1) / batch;
    try (Result result = runner.run()) {
      read(result, 0, losses, steps);
      read(result, 1, norms, steps);
    }
  }

  private static void read(Result result, int index, float[] into, int count) {
    RawTensor tensor = result.get(index).asRawTensor();
    tensor.data().asFloats().read(into, 0, count);
  }

  private State step(
      Ops tf, State in, List<Variable> variables, Data data, Objective objective, Optimizer optimizer) {
    Operand<TInt32> start = tf.math.mul(in.step, tf.constant(batch));
    Operand<TInt32> size = tf.math.minimum(tf.constant(batch), tf.math.sub(in.total, start));
    Operand<TInt32> mine = tf.slice(in.rows, tf.expandDims(start, tf.constant(0)), tf.expandDims(size, tf.constant(0)));

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

    Operand<TInt32> at = tf.reshape(in.step, tf.constant(new int[] {1, 1}));
    // The next step reads variables again: it must not begin before the updates of this one are done.
    Ops after = tf.withControlDependencies(updates);
    return new State(
        after.math.add(in.step, after.constant(1)),
        in.total,
        in.rows,
        tf.tensorScatterNdUpdate(in.losses, at, tf.reshape(loss, tf.constant(new int[] {1}))),
        tf.tensorScatterNdUpdate(in.norms, at, tf.reshape(norm, tf.constant(new int[] {1}))));
  }

  @Override
  public void close() {
    rows.close();
    total.close();
    condition.close();
    body.close();
  }

  /** What goes from one pass of the loop to the next. */
  private record State(
      Operand<TInt32> step,
      Operand<TInt32> total,
      Operand<TInt32> rows,
      Operand<TFloat32> losses,
      Operand<TFloat32> norms) {

    static State placeholders(Ops tf, Shape rows, Shape values) {
      return new State(
          tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar())),
          tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar())),
          tf.placeholder(TInt32.class, Placeholder.shape(rows)),
          tf.placeholder(TFloat32.class, Placeholder.shape(values)),
          tf.placeholder(TFloat32.class, Placeholder.shape(values)));
    }

    Signature.Builder signature(String name) {
      return Signature.builder(name)
          .input("step", step)
          .input("total", total)
          .input("rows", rows)
          .input("losses", losses)
          .input("norms", norms);
    }

    Signature outputs(Signature.Builder signature) {
      return signature
          .output("step", step)
          .output("total", total)
          .output("rows", rows)
          .output("losses", losses)
          .output("norms", norms)
          .build();
    }
  }
}
