package io.trainyard.toolkit;

import io.trainyard.spi.Device;
import io.trainyard.spi.DivergedException;
import io.trainyard.spi.Epoch;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Run;
import io.trainyard.spi.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjDoubleConsumer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;

/**
 * Trains a model of a few variables on data that lies in TensorFlow, and logs every step. Used by the thread that
 * trains, in a {@code try}: it holds native memory.
 *
 * <p>A plugin brings data, model, loss and optimizer as operations; this class decides how they are run. They are
 * functions of a graph, because the fastest way depends on the model and the device: for a tiny model {@link Loop}'s
 * many steps a call. One step a call with fed tensors, as larger models want it, takes the same {@link Objective} and
 * {@link Optimizer}.
 */
public final class Trainer implements AutoCloseable {
  /** The mean loss of each step's batch, before the step. */
  public static final Metric TRAIN_LOSS = Metric.minimize("train/loss");

  /** The norm of each step's gradient, over all variables. */
  public static final Metric GRAD_NORM = Metric.of("grad/norm");

  /** The mean loss over all data, after each epoch. */
  public static final Metric EPOCH_LOSS = Metric.minimize("epoch/train_loss");

  private final Run run;
  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Session session;
  private final List<Variable> variables = new ArrayList<>();
  private int randoms;
  private double stepsPerSecond;

  public Trainer(Run run) {
    this.run = run;
    ConfigProto.Builder config = ConfigProto.newBuilder();
    // The caller's thread and no other: handing operations of a microsecond to a pool takes longer than they do.
    config.setExperimental(ConfigProto.Experimental.newBuilder().setExecutorType("SINGLE_THREADED_EXECUTOR"));
    if (run.device().kind() == Device.Kind.CPU) {
      // With a GPU in sight TensorFlow would take it unasked.
      config.putDeviceCount("GPU", 0);
    }
    this.session = new Session(graph, config.build());
  }

  /** Operations of the main graph. */
  public Ops tf() {
    return tf;
  }

  /** Normally distributed numbers around 0. Each call has a seed of its own, derived from the run's. */
  public Operand<TFloat32> normal(Shape shape, double deviation) {
    long seed = Seeds.of(run.seed(), "random", randoms++);
    Operand<TFloat32> unit =
        tf.random.statelessRandomNormal(tf.constant(shape.asArray()), tf.constant(new long[] {seed, 0}));
    return tf.math.mul(unit, tf.constant((float) deviation));
  }

  /** Numbers to be trained. */
  public Variable variable(String name, Operand<TFloat32> initial) {
    Variable variable = assign(name, initial);
    variables.add(variable);
    return variable;
  }

  /** Examples, evaluated once; one a row. What they are goes into the run's provenance as {@code data.sha256}. */
  public Data data(Operand<TFloat32> inputs, Operand<TFloat32> labels) {
    if (inputs.shape().get(0) != labels.shape().get(0)) {
      throw new IllegalArgumentException(
          "inputs " + inputs.shape() + " and labels " + labels.shape() + " differ in their rows");
    }
    Variable in = new Variable("inputs", inputs.shape());
    Variable out = new Variable("labels", labels.shape());
    // In one run: the labels may be computed from the same random inputs.
    run(tf.assignVariableOp(in.handle(tf), inputs), tf.assignVariableOp(out.handle(tf), labels));
    run.provenance("data.sha256", Fingerprint.of(values(in), values(out)));
    return new Data(in, out, Math.toIntExact(inputs.shape().get(0)));
  }

  /** Slows down to so many steps a second, for a training that is to be watched; 0 is full speed. */
  public Trainer pace(double stepsPerSecond) {
    this.stepsPerSecond = stepsPerSecond;
    return this;
  }

  /**
   * Trains: each epoch reads all data once in a new order, batch by batch; what does not fill the last batch makes a
   * shorter one. Ends early when a stop is asked for.
   *
   * @param afterEpoch gets each finished epoch and its mean loss over all data
   * @throws DivergedException at the first step whose loss is not finite
   */
  public void train(
      Data data,
      Objective objective,
      Optimizer optimizer,
      int epochs,
      int batch,
      ObjDoubleConsumer<EpochEnd> afterEpoch)
      throws InterruptedException {
    Operand<TFloat32> fullLoss = objective.loss(tf, data.all(tf));
    Order order = new Order(data.size(), run.seed());
    Pace pace = new Pace(stepsPerSecond);
    float[] losses = new float[Loop.MAX_STEPS];
    float[] norms = new float[Loop.MAX_STEPS];
    int size = Math.min(batch, data.size());
    int whole = data.size() / size;
    int rest = data.size() % size;
    int perEpoch = whole + (rest == 0 ? 0 : 1);
    try (Loop loop = new Loop(this, session, data, size, Loop.MAX_STEPS, objective, optimizer);
        Loop last = rest == 0 ? null : new Loop(this, session, data, rest, 1, objective, optimizer)) {
      for (Epoch epoch : run.epochs(epochs)) {
        int[] rows = order.of(epoch.number());
        int done = 0;
        long step = 0;
        for (Steps steps : epoch.steps(perEpoch, pace.block(Loop.MAX_STEPS))) {
          int full = Math.min(steps.count(), whole - done);
          loop.run(rows, done * size, full, losses, norms, 0);
          if (last != null && full < steps.count()) {
            last.run(rows, whole * size, 1, losses, norms, full);
          }
          run.log(TRAIN_LOSS, steps, losses);
          run.log(GRAD_NORM, steps, norms);
          checkFinite(steps, losses);
          done += steps.count();
          step = steps.last();
          pace.after(step, run);
        }
        if (done == perEpoch) {
          double loss = fetch(fullLoss)[0];
          run.log(EPOCH_LOSS, step, loss);
          afterEpoch.accept(new EpochEnd(epoch.number(), step), loss);
        }
      }
    }
  }

  /** The numbers of a variable, row by row. */
  public float[] values(Variable variable) {
    return fetch(variable.read(tf));
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }

  private static void checkFinite(Steps steps, float[] losses) {
    for (int i = 0; i < steps.count(); i++) {
      if (!Float.isFinite(losses[i])) {
        throw new DivergedException(steps.first() + i, "the loss is " + losses[i] + "; try a smaller learning_rate");
      }
    }
  }

  List<Variable> variables() {
    return List.copyOf(variables);
  }

  private Variable assign(String name, Operand<TFloat32> initial) {
    Variable variable = new Variable(name, initial.shape());
    run(tf.assignVariableOp(variable.handle(tf), initial));
    return variable;
  }

  private void run(Op... targets) {
    Session.Runner runner = session.runner();
    for (Op target : targets) {
      runner.addTarget(target);
    }
    runner.run().close();
  }

  private float[] fetch(Operand<TFloat32> operand) {
    try (Result result = session.runner().fetch(operand).run()) {
      TFloat32 tensor = (TFloat32) result.get(0);
      float[] copy = new float[Math.toIntExact(tensor.size())];
      tensor.asRawTensor().data().asFloats().read(copy);
      return copy;
    }
  }

  /**
   * An epoch that is done.
   *
   * @param number from 1
   * @param step its last
   */
  public record EpochEnd(int number, long step) {}
}
