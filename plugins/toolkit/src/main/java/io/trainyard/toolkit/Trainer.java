package io.trainyard.toolkit;

import io.trainyard.spi.DivergedException;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Param;
import io.trainyard.spi.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/**
 * Trains a model on data that lies in TensorFlow, and logs every step. Used by the thread that trains.
 *
 * <p>A plugin brings data, model, loss and optimizer as operations; this class decides how they are run. They are
 * functions of a graph, because the fastest shape of the loop depends on the model and the device: {@link ManySteps} a
 * call for what is tiny, {@link OneStep} for the rest. The figures are in {@code docs/decisions/0004-the-trainer.md}.
 */
public final class Trainer implements AutoCloseable {
  /** The mean loss of each step's batch, before the step. */
  public static final Metric TRAIN_LOSS = Metric.minimize("train/loss");

  /** The norm of each step's gradient, over all variables. */
  public static final Metric GRAD_NORM = Metric.of("grad/norm");

  /** The share of an epoch's steps whose gradient was clipped; only where {@link #clip} is asked for. */
  public static final Metric CLIPPED_SHARE = Metric.of("grad/clipped_share");

  /** The mean loss over an epoch; whether of its steps or of all data after it is the task's to say. */
  public static final Metric EPOCH_LOSS = Metric.minimize("epoch/train_loss");

  /** How fast the steps of an epoch were, without what comes after them. */
  public static final Metric RATE = Metric.rate("train/examples_per_second");

  /** Slows a training down so that one can watch it; see {@link #pace}. */
  public static final Param.Real STEPS_PER_SECOND =
      Param.real("steps_per_second", 0, "slows the training down so that one can watch it; 0 is full speed").atLeast(0);

  private final Run run;
  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final LateSession session;
  private final Set<String> names = new HashSet<>();
  private final List<Variable> variables = new ArrayList<>();
  private final List<Variable> carried = new ArrayList<>();
  private final Map<String, double[]> remembered = new LinkedHashMap<>();
  private final Map<String, byte[]> attached = new LinkedHashMap<>();
  private List<Plan.Group> groups = List.of();
  private boolean norms = true;
  private int randoms;
  private int tables;
  private double stepsPerSecond;
  private double clip;
  private BooleanSupplier enough = () -> false;

  private Trainer(Run run) {
    this.run = run;
    this.session = new LateSession(graph, run.device());
  }

  /**
   * Gives a trainer to a training, and closes it. A stop that comes where only an exception leads out (in an
   * evaluation, in a download) ends it quietly; what was saved before is what it can be resumed from.
   */
  public static void with(Run run, Body body) throws Exception {
    Stopped.quietly(
        () -> {
          try (Trainer trainer = new Trainer(run)) {
            body.train(trainer);
          }
        });
  }

  /** A trainer for a model that is trained already. */
  static Trainer of(Run run) {
    return new Trainer(run);
  }

  /** The run that is trained. */
  public Run run() {
    return run;
  }

  /** Operations of the main graph. */
  public Ops tf() {
    return tf;
  }

  /**
   * Runs operations of the main graph, for a question that this class does not ask; closed with the trainer. To be asked
   * for as late as that: how many threads it has is settled when the training begins.
   */
  public Session session() {
    return session.get();
  }

  /**
   * Does this when the training begins, before its first step: what asks for values earlier has the session open before
   * the model is known, see {@link #session}.
   */
  public void beforeTraining(Runnable work) {
    session.first(open -> work.run());
  }

  /** Normally distributed numbers around 0. Each call has a seed of its own, derived from the run's. */
  public Operand<TFloat32> normal(Shape shape, double deviation) {
    Operand<TFloat32> unit = tf.random.statelessRandomNormal(tf.constant(shape.asArray()), seed());
    return tf.math.mul(unit, tf.constant((float) deviation));
  }

  /** Numbers between -bound and bound, all as likely. Each call has a seed of its own, derived from the run's. */
  public Operand<TFloat32> uniform(Shape shape, double bound) {
    Operand<TFloat32> unit = tf.random.statelessRandomUniform(tf.constant(shape.asArray()), seed());
    return tf.math.mul(tf.math.sub(unit, tf.constant(0.5f)), tf.constant((float) (2 * bound)));
  }

  public Operand<TFloat32> zeros(long... shape) {
    return tf.zeros(tf.constant(shape), TFloat32.class);
  }

  /** The numbers one below the other. */
  public Operand<TFloat32> column(List<Double> values) {
    float[][] column = new float[values.size()][1];
    for (int i = 0; i < column.length; i++) {
      column[i][0] = values.get(i).floatValue();
    }
    return tf.constant(column);
  }

  /** Numbers to be trained. */
  public Variable variable(String name, Operand<TFloat32> initial) {
    Variable variable = make(name, initial);
    variables.add(variable);
    return variable;
  }

  /**
   * Numbers that are not trained but carried from step to step by the updates of a {@link Pass}: 0 when an epoch begins,
   * and saved with a checkpoint in its middle.
   */
  public Variable carried(String name, long... shape) {
    Variable variable = make(name, zeros(shape));
    carried.add(variable);
    return variable;
  }

  /** Numbers that are neither trained nor saved. */
  public Variable scratch(String name, long... shape) {
    return make(name, zeros(shape));
  }

  private Variable make(String name, Operand<TFloat32> initial) {
    if (!names.add(name)) {
      throw new IllegalArgumentException("there are two variables named " + name);
    }
    Variable variable = new Variable(name, initial.shape());
    execute(tf.assignVariableOp(variable.handle(tf), initial));
    return variable;
  }

  /** Examples, evaluated once; one a row. What they are goes into the run's provenance as {@code data.sha256}. */
  public Data<Batch<TFloat32>> data(Operand<TFloat32> inputs, Operand<TFloat32> labels) {
    sameRows(inputs.shape(), labels.shape());
    Table<TFloat32> in = new Table<>("data/" + tables++, inputs.shape(), TFloat32.class);
    Table<TFloat32> out = new Table<>("data/" + tables++, labels.shape(), TFloat32.class);
    // In one run: the labels may be computed from the same random inputs.
    execute(tf.assignVariableOp(in.handle(tf), inputs), tf.assignVariableOp(out.handle(tf), labels));
    run.provenance(
        "data.sha256",
        Fingerprint.of(
            fetch(tf.readVariableOp(in.handle(tf), TFloat32.class)),
            fetch(tf.readVariableOp(out.handle(tf), TFloat32.class))));
    return data(inputs.shape(), (ops, rows) -> new Batch<>(in.rows(ops, rows), out.rows(ops, rows)));
  }

  /** Pictures, kept as bytes; a step gets its rows as numbers from 0 to 1, and their labels as a column. */
  public Data<Batch<TInt32>> data(Pictures pictures) {
    Table<TUint8> pixels = bytes(Shape.of(pictures.size(), pictures.pixelsEach()), pictures.pixels());
    Table<TUint8> labels = bytes(Shape.of(pictures.size(), 1), pictures.labels());
    return data(
        pixels.shape(),
        (ops, rows) ->
            new Batch<>(
                ops.math.mul(ops.dtypes.cast(pixels.rows(ops, rows), TFloat32.class), ops.constant(1 / 255f)),
                ops.dtypes.cast(labels.rows(ops, rows), TInt32.class)));
  }

  /** Whole numbers that lie in TensorFlow, evaluated once; what they are is the caller's to say. */
  public Table<TInt32> numbers(int[] values) {
    Shape shape = Shape.of(values.length);
    Table<TInt32> table = new Table<>("data/" + tables++, shape, TInt32.class);
    Placeholder<TInt32> fed = tf.placeholder(TInt32.class, Placeholder.shape(shape));
    Op assign = tf.assignVariableOp(table.handle(tf), fed);
    session.first(
        open -> {
          try (TInt32 tensor = TInt32.tensorOf(shape, DataBuffers.of(values))) {
            open.runner().feed(fed, tensor).addTarget(assign).run().close();
          }
        });
    return table;
  }

  /** Slows down to so many steps a second, for a training that is to be watched; 0 is full speed. */
  public Trainer pace(double stepsPerSecond) {
    this.stepsPerSecond = stepsPerSecond;
    return this;
  }

  /**
   * Whether the gradient's norm is logged at each step: it is an extra pass over all gradients, 0.1 to 0.2 ms for an
   * MLP.
   *
   * @param layers variables whose norm is logged together, as {@code grad/norm/1} and so on; may be none
   */
  public Trainer norms(boolean wanted, List<List<Variable>> layers) {
    this.norms = wanted;
    this.groups = IntStream.range(0, layers.size())
        .mapToObj(i -> new Plan.Group(Integer.toString(i + 1), layers.get(i)))
        .toList();
    return this;
  }

  /** Logs the norm of each variable's gradient too, as {@code grad/norm/} and its name. */
  public Trainer normOfEach() {
    this.norms = true;
    this.groups = variables.stream().map(it -> new Plan.Group(it.name(), List.of(it))).toList();
    return this;
  }

  /**
   * Makes the gradients of a step smaller, by one factor, where their norm over all variables is larger than this; 0 to
   * leave them as they are. The norms that are logged are those before.
   */
  public Trainer clip(double norm) {
    this.clip = norm;
    return this;
  }

  /** Ends the training before its last epoch, when this is so after one. */
  public Trainer until(BooleanSupplier enough) {
    this.enough = enough;
    return this;
  }

  /** Saves these numbers with each checkpoint, and restores them in place; to be called before the training. */
  public Trainer remember(String name, double[] numbers) {
    remembered.put(name, numbers);
    return this;
  }

  /** Saves this with each checkpoint, for whoever asks the trained model without its data; see {@link Trained}. */
  public Trainer attach(String name, byte[] content) {
    attached.put(name, content.clone());
    return this;
  }

  /** Built before the training, to be asked after each epoch. */
  public <B> Evaluation evaluation(Data<B> data, Objective<B> objective) {
    return evaluation(data, objective, (ops, batch) -> List.of());
  }

  <B> Evaluation evaluation(Data<B> data, Objective<B> objective, Evaluation.More<B> more) {
    return new Evaluation(run, tf, session, data, objective, more);
  }

  /**
   * Trains: each epoch reads all data once in a new order, batch by batch; what does not fill the last batch makes a
   * shorter one. Goes on where the attempt resumes, and ends early when a stop is asked for.
   *
   * @param afterEpoch gets each finished epoch
   * @throws DivergedException at the first step whose loss is not finite
   */
  public <B> void train(
      Data<B> data, Objective<B> objective, Optimizer optimizer, int epochs, int batch, Consumer<EpochEnd> afterEpoch)
      throws InterruptedException, IOException {
    Plan<B> plan = new Plan<>(data, objective, optimizer, variables(), measured(), clip, run.seed());
    session.open(LoopShape.shared(plan, batch));
    for (Variable variable : variables) {
      for (String slot : optimizer.slots()) {
        Variable made = variable.addSlot(slot);
        execute(tf.assignVariableOp(made.handle(tf), zeros(made.shape().asArray())));
      }
    }
    try (Loop loop = new Loop(run, tf, session.get(), plan, batch, zero(carried))) {
      run.resumable(Checkpoint.ofTraining(this, loop.sums()));
      loop.run(epochs, new Pace(stepsPerSecond), afterEpoch, enough);
    }
  }

  private List<Plan.Group> measured() {
    if (!norms && clip == 0) {
      return List.of();
    }
    return groups.isEmpty() ? List.of(new Plan.Group("all", variables())) : groups;
  }

  /** Sets variables to 0 each time that it is run. */
  public Runnable zero(List<Variable> all) {
    List<Op> zeros = new ArrayList<>();
    all.forEach(it -> zeros.add(tf.assignVariableOp(it.handle(tf), zeros(it.shape().asArray()))));
    Op[] targets = zeros.toArray(new Op[0]);
    return targets.length == 0 ? () -> {} : () -> execute(targets);
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

  List<Variable> variables() {
    return List.copyOf(variables);
  }

  List<Variable> carried() {
    return List.copyOf(carried);
  }

  Map<String, double[]> remembered() {
    return remembered;
  }

  Map<String, byte[]> attached() {
    return attached;
  }

  /** Gives a variable other numbers, row by row. */
  public void assign(Variable variable, float[] values) {
    Placeholder<TFloat32> fed = tf.placeholder(TFloat32.class, Placeholder.shape(variable.shape()));
    Op assign = tf.assignVariableOp(variable.handle(tf), fed);
    session.first(
        open -> {
          // Closed, but never written again: the variable goes on with the tensor's memory.
          try (TFloat32 tensor = TFloat32.tensorOf(variable.shape(), DataBuffers.of(values))) {
            open.runner().feed(fed, tensor).addTarget(assign).run().close();
          }
        });
  }

  /** What a small operand of the main graph comes to, row by row. */
  public float[] values(Operand<TFloat32> operand) {
    return fetch(operand);
  }

  private float[] fetch(Operand<TFloat32> operand) {
    try (Result result = session.get().runner().fetch(operand).run()) {
      TFloat32 tensor = (TFloat32) result.get(0);
      float[] copy = new float[Math.toIntExact(tensor.size())];
      tensor.asRawTensor().data().asFloats().read(copy);
      return copy;
    }
  }

  private Table<TUint8> bytes(Shape shape, byte[] values) {
    Table<TUint8> table = new Table<>("data/" + tables++, shape, TUint8.class);
    Placeholder<TUint8> fed = tf.placeholder(TUint8.class, Placeholder.shape(shape));
    Op assign = tf.assignVariableOp(table.handle(tf), fed);
    session.first(
        open -> {
          try (TUint8 tensor = TUint8.tensorOf(shape, DataBuffers.of(values))) {
            open.runner().feed(fed, tensor).addTarget(assign).run().close();
          }
        });
    return table;
  }

  private static <B> Data<B> data(Shape shape, BiFunction<Ops, Operand<TInt32>, B> rows) {
    return new Data<>() {
      @Override
      public int size() {
        return Math.toIntExact(shape.get(0));
      }

      @Override
      public B rows(Ops tf, Operand<TInt32> numbers) {
        return rows.apply(tf, numbers);
      }
    };
  }

  private static void sameRows(Shape inputs, Shape labels) {
    if (inputs.get(0) != labels.get(0)) {
      throw new IllegalArgumentException("inputs " + inputs + " and labels " + labels + " differ in their rows");
    }
  }

  private Operand<? extends TInt64> seed() {
    return tf.constant(new long[] {Seeds.of(run.seed(), "random", randoms++), 0});
  }

  private void execute(Op... targets) {
    session.first(
        open -> {
          Session.Runner runner = open.runner();
          for (Op target : targets) {
            runner.addTarget(target);
          }
          runner.run().close();
        });
  }

  /** A training with a trainer. */
  public interface Body {
    void train(Trainer trainer) throws Exception;
  }

  /**
   * An epoch that is done.
   *
   * @param number from 1
   * @param step its last
   * @param means the objective's means over its steps, each before its step: the first is the loss
   */
  public record EpochEnd(int number, long step, double[] means) {}
}
