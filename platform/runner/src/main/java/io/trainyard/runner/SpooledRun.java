package io.trainyard.runner;

import io.trainyard.client.SpoolWriter;
import io.trainyard.spi.ArtifactRef;
import io.trainyard.spi.Device;
import io.trainyard.spi.Epoch;
import io.trainyard.spi.Exhibit;
import io.trainyard.spi.Goal;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Param;
import io.trainyard.spi.Run;
import io.trainyard.spi.State;
import io.trainyard.spi.Steps;
import io.trainyard.spi.TaskSpec;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run that a task sees: what is logged goes to the spool, how far it is to the control page, and from there comes
 * the stop. The thread "train" iterates, any thread logs.
 */
final class SpooledRun implements Run {
  private static final Logger log = LoggerFactory.getLogger(SpooledRun.class);
  private static final int NO_METRIC = -2;

  /** A volatile field would cost 9 of 56 ns where the loss of each step judges. */
  private static final VarHandle JUDGED;

  static {
    try {
      JUDGED = MethodHandles.lookup().findVarHandle(SpooledRun.class, "judged", double.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Assignment assignment;
  private final TaskSpec spec;
  private final Device device;
  private final SpoolWriter spool;
  private final MetricIds ids;
  private final ParamValues values;
  private final KeptFiles files;
  private final Checkpoints checkpoints;

  /** The spool's number of the metric that judges checkpoints; no metric has it where nothing judges. */
  private final int bestId;

  /** What that metric was last; by {@link #JUDGED} alone, from any thread. */
  private double judged = Double.NaN;

  private final @Nullable Path checkpoint;
  private final Position start;
  private boolean epochsAsked;
  private long steps;
  private volatile boolean stopSeen;

  /** The steps of the epoch are done, and what follows them in its body is not. */
  private volatile boolean tail;

  /** That was told to stop, so it may lack something. */
  private volatile boolean tailCut;

  /**
   * Checks every param, as the hub has done before.
   *
   * @throws IllegalArgumentException names all that are wrong
   */
  SpooledRun(Assignment assignment, TaskSpec spec, Device device, SpoolWriter spool) {
    this.assignment = assignment;
    this.spec = spec;
    this.device = device;
    this.spool = spool;
    this.ids = new MetricIds(spool);
    this.values = new ParamValues(spec, assignment.params());
    this.files = new KeptFiles(assignment.directory(), spool);
    Assignment.Checkpoint from = assignment.checkpoint();
    this.checkpoint = from == null ? null : from.file();
    this.start = from == null ? Position.START : from.position();
    this.steps = start.step();
    spool.progress(steps, 0, start.epoch() - 1, 0);
    Metric best = spec.best();
    this.bestId = best == null ? NO_METRIC : spool.series(best.name());
    this.checkpoints =
        new Checkpoints(
            assignment.checkpointEvery(),
            start,
            from == null ? Double.NaN : from.best(),
            best == null ? Goal.NONE : best.goal(),
            files,
            spool::provenance,
            System::nanoTime);
  }

  /** Whether a loop ended, or the task was told, because a stop was asked for. */
  boolean stopSeen() {
    return stopSeen;
  }

  /** Steps that were done. */
  long steps() {
    return steps;
  }

  @Override
  public String id() {
    return assignment.run();
  }

  @Override
  public long seed() {
    return assignment.seed();
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public boolean stopping() {
    boolean stop = stopAsked();
    if (stop && tail) {
      tailCut = true;
    }
    return stop;
  }

  private boolean stopAsked() {
    if (spool.stopRequested()) {
      stopSeen = true;
      return true;
    }
    return false;
  }

  @Override
  public <T> T get(Param<T> param) {
    return values.get(param);
  }

  @Override
  public Path artifact(ArtifactRef input) throws IOException {
    return assignment.inputs().file(input);
  }

  @Override
  public void resumable(State state) throws IOException {
    if (checkpoints.possible()) {
      throw new IllegalStateException("run.resumable was called twice");
    }
    if (epochsAsked) {
      throw new IllegalStateException("run.resumable was called after run.epochs");
    }
    checkpoints.begin(state, checkpoint);
  }

  @Override
  public Iterable<Epoch> epochs(int count) {
    atLeastOne("epochs", count);
    if (checkpoint != null && !checkpoints.possible()) {
      throw new IllegalStateException(
          "task " + spec.id() + " was to go on after step " + start.step() + ", but does not call run.resumable before"
              + " run.epochs. Run it again from its start.");
    }
    if (checkpoints.possible() && epochsAsked) {
      throw new IllegalStateException("a task that is resumable asks for its epochs once");
    }
    epochsAsked = true;
    return () -> new Epochs(count);
  }

  @Override
  public void log(Metric metric, Steps block, float[] values) {
    if (values.length < block.count()) {
      throw new IllegalArgumentException(
          metric.name() + ": " + values.length + " values for a block of " + block.count() + " steps");
    }
    int id = ids.of(metric);
    if (id == bestId) {
      JUDGED.setRelease(this, (double) values[block.count() - 1]);
    }
    spool.block(id, block.first(), block.count(), System.currentTimeMillis(), values, 0);
  }

  @Override
  public void log(Metric metric, long step, double value) {
    int id = ids.of(metric);
    if (id == bestId) {
      JUDGED.setRelease(this, value);
    }
    spool.point(id, step, System.currentTimeMillis(), value);
  }

  @Override
  public void show(String name, long step, Exhibit exhibit) {
    // What a metric may be called, an exhibit may.
    String checked = Metric.of(name).name();
    byte[] json;
    try {
      json = ExhibitJson.write(exhibit, SpoolWriter.EXHIBIT_MAX - checked.getBytes(StandardCharsets.UTF_8).length);
    } catch (IOException e) {
      log.warn("the exhibit {} of step {} is left out: {}", checked, step, e.getMessage());
      return;
    }
    spool.exhibit(checked, step, System.currentTimeMillis(), json);
  }

  @Override
  public void keep(String path, Path file) {
    files.keep(path, file, spool.control().progress().step());
  }

  @Override
  public void provenance(String key, String value) {
    spool.provenance(key, value);
  }

  @Override
  public Optional<Path> dataFolder() {
    return Optional.ofNullable(assignment.data());
  }

  private static void atLeastOne(String what, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("there must be at least 1 of " + what + ", but " + count + " were asked for");
    }
  }

  /** Hands out the epochs until all are done or a stop is asked for; one is done when the next one is asked for. */
  private final class Epochs implements Iterator<Epoch> {
    private final int count;
    private int done = start.epoch() - 1;
    private int doneOfFirst = start.done();
    private @Nullable SpooledEpoch current;

    /** It was said that there is a next one: a stop that comes after that is for the one after it. */
    private boolean promised;

    Epochs(int count) {
      this.count = count;
    }

    @Override
    public boolean hasNext() {
      if (promised) {
        return true;
      }
      SpooledEpoch finished = current;
      if (finished != null) {
        current = null;
        done++;
        if (!finished.cut && !tailCut) {
          double value = (double) JUDGED.getAcquire(SpooledRun.this);
          checkpoints.after(new Position(steps, done + 1, 0), value, done == count || spool.stopRequested());
        }
        tail = false;
        tailCut = false;
      }
      promised = done < count && !stopAsked();
      return promised;
    }

    @Override
    public Epoch next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      promised = false;
      SpooledEpoch made = new SpooledEpoch(done + 1, doneOfFirst, count);
      spool.progress(steps, 0, done + 1, count);
      doneOfFirst = 0;
      current = made;
      return made;
    }
  }

  private final class SpooledEpoch implements Epoch {
    private final int number;
    private final int done;
    private final int epochs;
    private boolean used;

    /** A stop came in its middle. */
    private boolean cut;

    SpooledEpoch(int number, int done, int epochs) {
      this.number = number;
      this.done = done;
      this.epochs = epochs;
    }

    @Override
    public int number() {
      return number;
    }

    @Override
    public int done() {
      return done;
    }

    @Override
    public Iterable<Steps> steps(int count, int maxBlock) {
      atLeastOne("steps", count);
      atLeastOne("a block's steps", maxBlock);
      if (used) {
        throw new IllegalStateException("the steps of epoch " + number + " were asked for twice");
      }
      if (done >= count) {
        throw new IllegalStateException(
            "epoch " + number + " was saved after step " + done + " of it, but has " + count
                + " steps now. The data has changed: run it again from its start.");
      }
      used = true;
      // Exact when all epochs are as long as this one, and a good guess otherwise.
      spool.progress(steps, steps - done + (long) count * (epochs - number + 1), number, epochs);
      return () -> new Blocks(this, count, maxBlock);
    }
  }

  /** The same for the blocks of an epoch. */
  private final class Blocks implements Iterator<Steps> {
    private final SpooledEpoch epoch;
    private final int count;
    private final int maxBlock;
    private int done;
    private @Nullable Steps current;
    private boolean promised;

    Blocks(SpooledEpoch epoch, int count, int maxBlock) {
      this.epoch = epoch;
      this.count = count;
      this.maxBlock = maxBlock;
      this.done = epoch.done;
    }

    @Override
    public boolean hasNext() {
      if (promised) {
        return true;
      }
      Steps finished = current;
      if (finished != null) {
        current = null;
        done += finished.count();
        steps += finished.count();
        spool.step(steps);
      }
      if (done == count) {
        tail = true;
        return false;
      }
      boolean stop = stopAsked();
      if (finished != null && checkpoints.possible()) {
        checkpoints.between(new Position(steps, epoch.number, done), stop);
      }
      epoch.cut = stop;
      promised = !stop;
      return promised;
    }

    @Override
    public Steps next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      promised = false;
      Steps made = new Steps(steps + 1, Math.min(maxBlock, count - done));
      current = made;
      return made;
    }
  }
}
