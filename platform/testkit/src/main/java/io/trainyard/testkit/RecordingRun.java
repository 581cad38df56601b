package io.trainyard.testkit;

import io.trainyard.spi.ArtifactRef;
import io.trainyard.spi.Device;
import io.trainyard.spi.Epoch;
import io.trainyard.spi.Exhibit;
import io.trainyard.spi.LanguageModel;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Param;
import io.trainyard.spi.Predictor;
import io.trainyard.spi.Run;
import io.trainyard.spi.State;
import io.trainyard.spi.Steps;
import io.trainyard.spi.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A run in memory, for the test of a task; one thread trains, any may log.
 *
 * <pre>{@code
 * RecordingRun run = new RecordingRun(new Linreg()).seed(1).param("epochs", 3).train();
 * assertThat(run.last("epoch/train_loss")).isLessThan(1e-4);
 * }</pre>
 *
 * <p>Of a task that is {@link Run#resumable} it has a checkpoint at its stop or its end, or where
 * {@link #checkpointAfter} says, and another run can {@link #resume} there:
 *
 * <pre>{@code
 * RecordingRun first = new RecordingRun(new Mlp()).seed(1).stopAfter(50).train();
 * RecordingRun rest = new RecordingRun(new Mlp()).seed(1).resume(first).train();
 * }</pre>
 */
public final class RecordingRun implements Run {
  /** As the platform has it: no name starts with a dot, so none leads out of the run's folder. */
  private static final Pattern PATH = Pattern.compile("(?!\\.)[\\w\\-.]+(/(?!\\.)[\\w\\-.]+)*");

  private final Task task;
  private final Map<String, Param<?>> specs = new HashMap<>();
  private final Map<String, Object> given = new HashMap<>();
  private final List<Point> points = new ArrayList<>();
  private final Set<String> timed = new HashSet<>();
  private final List<Shown> exhibits = new ArrayList<>();
  private final Map<ArtifactRef, Path> inputs = new HashMap<>();
  private final Map<String, byte[]> kept = new TreeMap<>();
  private final Map<String, String> provenance = new TreeMap<>();
  private final List<Long> blockEnds = new ArrayList<>();
  private final List<Long> epochEnds = new ArrayList<>();
  private long seed = 1;
  private long stopAfter = Long.MAX_VALUE;
  private long checkpointAfter = -1;
  private @Nullable Checkpoint from;
  private @Nullable Checkpoint checkpoint;
  private @Nullable State state;
  private boolean asked;
  private long steps;
  private long stepsAtStop = -1;
  private long stopSeenAt;
  private long stoppedFor = -1;
  private @Nullable Path data;

  /** The steps of the epoch are done and what follows them in its body is not. */
  private boolean tail;

  /** That was told to stop. */
  private boolean tailCut;

  public RecordingRun(Task task) {
    this.task = task;
    task.spec().params().forEach(it -> specs.put(it.name(), it));
  }

  public RecordingRun seed(long seed) {
    this.seed = seed;
    return this;
  }

  /** Gives a param, as JSON would: an int for a whole or a real number, a List for a list. */
  public RecordingRun param(String name, Object value) {
    Param<?> spec = specs.get(name);
    if (spec == null) {
      throw new IllegalArgumentException(
          "task " + task.spec().id() + " has no param " + name + ", only " + specs.keySet());
    }
    try {
      spec.read(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + " " + e.getMessage(), e);
    }
    given.put(name, value);
    return this;
  }

  public RecordingRun params(Map<String, ?> values) {
    values.forEach(this::param);
    return this;
  }

  public RecordingRun data(Path folder) {
    data = folder;
    return this;
  }

  /** Gives a param of the kind artifact, with the file that it refers to. */
  public RecordingRun artifact(String name, ArtifactRef input, Path file) {
    inputs.put(input, file);
    return param(name, input.toString());
  }

  /** Asks for a stop once so many steps are done. */
  public RecordingRun stopAfter(long steps) {
    stopAfter = steps;
    return this;
  }

  /**
   * Has its one checkpoint at the first place for one once so many steps are done, and none at its stop or end: as if
   * it had been killed at some time after it.
   */
  public RecordingRun checkpointAfter(long steps) {
    checkpointAfter = steps;
    return this;
  }

  /** Goes on where the checkpoint of an earlier run was saved. The params, the seed and the data are to be the same. */
  public RecordingRun resume(RecordingRun earlier) {
    Checkpoint saved = earlier.checkpoint;
    if (saved == null) {
      throw new IllegalStateException(
          earlier.state == null
              ? "task " + task.spec().id() + " does not call run.resumable"
              : "the earlier run came to no place for a checkpoint");
    }
    from = saved;
    steps = saved.step;
    return this;
  }

  /** Trains to the end. Whatever the task throws is thrown. */
  public RecordingRun train() throws Exception {
    task.train(this);
    stoppedFor = stepsAtStop < 0 ? -1 : System.nanoTime() - stopSeenAt;
    return this;
  }

  /** Asks the model that an earlier run has trained, as {@code trainyard predict} does. */
  public List<Predictor.Prediction> predict(RecordingRun earlier, List<Exhibit.Picture> pictures) throws Exception {
    return answered(asked(earlier, Predictor.class).predict(this, pictures));
  }

  /** Has the model that an earlier run has trained go on with a text, as {@code trainyard generate} does. */
  public String generate(RecordingRun earlier, LanguageModel.Prompt prompt) throws Exception {
    return answered(asked(earlier, LanguageModel.class).generate(this, prompt));
  }

  /** Asks the model that an earlier run has trained how likely a text is, as {@code trainyard score} does. */
  public List<LanguageModel.Factor> score(RecordingRun earlier, String text) throws Exception {
    return answered(asked(earlier, LanguageModel.class).score(this, text));
  }

  private <M> M asked(RecordingRun earlier, Class<M> kind) {
    if (!kind.isInstance(task)) {
      throw new IllegalStateException("task " + task.spec().id() + " is not a " + kind.getSimpleName());
    }
    resume(earlier);
    return kind.cast(task);
  }

  private <A> A answered(A answer) {
    if (state == null) {
      throw new IllegalStateException("the task has not called run.resumable: its model is not the trained one");
    }
    return answer;
  }

  /** All that was logged, in its order. */
  public List<Point> points() {
    return List.copyOf(points);
  }

  /** All that was logged and does not depend on the clock: the same each time. */
  public List<Point> repeatable() {
    return points.stream().filter(it -> !timed.contains(it.series)).toList();
  }

  /** The values of a series, in the order they were logged. */
  public double[] values(String series) {
    return points.stream().filter(it -> it.series.equals(series)).mapToDouble(Point::value).toArray();
  }

  /** The value of a series that was logged last. */
  public double last(String series) {
    double[] values = values(series);
    if (values.length == 0) {
      throw new NoSuchElementException("nothing was logged for " + series);
    }
    return values[values.length - 1];
  }

  /** All that was shown, in its order. */
  public List<Shown> exhibits() {
    return List.copyOf(exhibits);
  }

  /** What was shown last under a name. */
  public Exhibit exhibit(String name) {
    for (int i = exhibits.size() - 1; i >= 0; i--) {
      if (exhibits.get(i).name.equals(name)) {
        return exhibits.get(i).exhibit;
      }
    }
    throw new NoSuchElementException("nothing was shown as " + name);
  }

  /** The content of the files that were kept, by path. */
  public Map<String, byte[]> kept() {
    return Map.copyOf(kept);
  }

  public Map<String, String> provenance() {
    return Map.copyOf(provenance);
  }

  /** Whether the task said how it is saved and restored. */
  public boolean resumable() {
    return state != null;
  }

  /** The step after which the checkpoint was saved; -1 without one. */
  public long checkpointStep() {
    return checkpoint == null ? -1 : checkpoint.step;
  }

  /** The last step of each block of steps that was done. */
  public List<Long> blockEnds() {
    return List.copyOf(blockEnds);
  }

  /** The last step of each epoch that was done. */
  public List<Long> epochEnds() {
    return List.copyOf(epochEnds);
  }

  /** Steps that were done, those before the checkpoint included where it was resumed. */
  public long steps() {
    return steps;
  }

  /** Steps that had been done when the stop was asked for, -1 if it was not. */
  public long stepsAtStop() {
    return stepsAtStop;
  }

  /** How long the task went on after the stop, in nanoseconds; -1 if none was asked for. */
  public long nanosAfterStop() {
    return stoppedFor;
  }

  @Override
  public String id() {
    return "00000000000000000000000000000001";
  }

  @Override
  public long seed() {
    return seed;
  }

  @Override
  public Device device() {
    return Device.CPU;
  }

  @Override
  public boolean stopping() {
    boolean stop = stopAsked();
    tailCut |= stop && tail;
    return stop;
  }

  private boolean stopAsked() {
    boolean stop = steps >= stopAfter;
    if (stop && stepsAtStop < 0) {
      stepsAtStop = steps;
      stopSeenAt = System.nanoTime();
    }
    return stop;
  }

  @Override
  public <T> T get(Param<T> param) {
    if (!param.equals(specs.get(param.name()))) {
      throw new IllegalArgumentException("param " + param.name() + " is not in the spec of task " + task.spec().id());
    }
    Object value = given.get(param.name());
    T got = value == null ? param.fallback() : param.read(value);
    if (got == null) {
      throw new IllegalArgumentException("param " + param.name() + " must be given");
    }
    return got;
  }

  @Override
  public Path artifact(ArtifactRef input) throws IOException {
    Path file = inputs.get(input);
    if (file == null) {
      throw new IOException(input + " is not an input of this run; give it by artifact(name, input, file)");
    }
    return file;
  }

  @Override
  public void resumable(State state) throws IOException {
    if (this.state != null) {
      throw new IllegalStateException("run.resumable was called twice");
    }
    if (asked) {
      throw new IllegalStateException("run.resumable was called after run.epochs");
    }
    Checkpoint saved = from;
    if (saved != null) {
      Path folder = Files.createTempDirectory("trainyard-checkpoint");
      Path file = folder.resolve("checkpoint.npz");
      try {
        Files.write(file, saved.bytes);
        state.restore(file);
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    }
    this.state = state;
  }

  @Override
  public Iterable<Epoch> epochs(int count) {
    atLeastOne("epochs", count);
    if (from != null && state == null) {
      throw new IllegalStateException("a run that resumes has to call run.resumable before run.epochs");
    }
    if (state != null && asked) {
      throw new IllegalStateException("a task that is resumable asks for its epochs once");
    }
    asked = true;
    return () -> new Epochs(count);
  }

  @Override
  public synchronized void log(Metric metric, Steps block, float[] values) {
    if (values.length < block.count()) {
      throw new IllegalArgumentException(
          metric.name() + ": " + values.length + " values for a block of " + block.count() + " steps");
    }
    for (int i = 0; i < block.count(); i++) {
      log(metric, block.first() + i, values[i]);
    }
  }

  @Override
  public synchronized void log(Metric metric, long step, double value) {
    points.add(new Point(metric.name(), step, value));
    if (metric.timed()) {
      timed.add(metric.name());
    }
  }

  @Override
  public synchronized void show(String name, long step, Exhibit exhibit) {
    // What a metric may be called, an exhibit may.
    exhibits.add(new Shown(Metric.of(name).name(), step, exhibit));
  }

  @Override
  public synchronized void keep(String path, Path file) throws IOException {
    if (path.length() > 250 || !PATH.matcher(path).matches() || path.startsWith("checkpoints/")) {
      throw new IllegalArgumentException(
          "an artifact's path \"" + path + "\" must be names of letters, digits and _ - . with / between them, none"
              + " with a dot first, at most 250 characters, and not in checkpoints/, which is the platform's");
    }
    kept.put(path, Files.readAllBytes(file));
  }

  @Override
  public synchronized void provenance(String key, String value) {
    provenance.put(key, value);
  }

  @Override
  public Optional<Path> dataFolder() {
    return Optional.ofNullable(data);
  }

  /** A place where the platform could save: between two blocks, or between two epochs. */
  private void place(int epoch, int done, boolean due) {
    State saving = state;
    boolean now = checkpointAfter < 0 ? due : checkpoint == null && steps >= checkpointAfter;
    if (saving == null || !now) {
      return;
    }
    try {
      Path folder = Files.createTempDirectory("trainyard-checkpoint");
      Path file = folder.resolve("checkpoint.npz");
      try {
        saving.save(file);
        checkpoint = new Checkpoint(Files.readAllBytes(file), steps, epoch, done);
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      // The platform would go on with a warning; here it is what the test is to find.
      throw new IllegalStateException("the checkpoint after step " + steps + " cannot be saved: " + e.getMessage(), e);
    }
  }

  private static void atLeastOne(String what, int count) {
    if (count < 1) {
      throw new IllegalArgumentException(what + " must be at least 1, but is " + count);
    }
  }

  /** A value that was logged. Two of them are equal when their values are bit for bit. */
  public record Point(String series, long step, double value) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Point it
          && series.equals(it.series)
          && step == it.step
          && Double.doubleToRawLongBits(value) == Double.doubleToRawLongBits(it.value);
    }

    @Override
    public int hashCode() {
      return series.hashCode() * 31 + Long.hashCode(step) * 17 + Double.hashCode(value);
    }
  }

  /** Something that was shown. */
  public record Shown(String name, long step, Exhibit exhibit) {}

  /** What was saved, and the epoch that goes on there with the steps of it that are done. */
  private record Checkpoint(byte[] bytes, long step, int epoch, int done) {}

  /** Hands out the epochs until all are done or a stop is asked for; one is done when the next one is asked for. */
  private final class Epochs implements Iterator<Epoch> {
    private final int count;
    private int done;
    private int doneOfFirst;
    private @Nullable RecordedEpoch current;

    Epochs(int count) {
      this.count = count;
      Checkpoint saved = from;
      if (saved != null) {
        done = saved.epoch - 1;
        doneOfFirst = saved.done;
      }
    }

    @Override
    public boolean hasNext() {
      RecordedEpoch finished = current;
      if (finished != null) {
        current = null;
        done++;
        if (!finished.cut && !tailCut) {
          epochEnds.add(steps);
          place(done + 1, 0, done == count || stopAsked());
        }
        tail = false;
        tailCut = false;
      }
      return done < count && !stopAsked();
    }

    @Override
    public Epoch next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      RecordedEpoch made = new RecordedEpoch(done + 1, doneOfFirst);
      doneOfFirst = 0;
      current = made;
      return made;
    }
  }

  private final class RecordedEpoch implements Epoch {
    private final int number;
    private final int done;
    private boolean used;

    /** A stop came in its middle. */
    private boolean cut;

    RecordedEpoch(int number, int done) {
      this.number = number;
      this.done = done;
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
      atLeastOne("maxBlock", maxBlock);
      if (used) {
        throw new IllegalStateException("the steps of epoch " + number + " were asked for twice");
      }
      if (done >= count) {
        throw new IllegalStateException(
            "epoch " + number + " was saved after step " + done + " of it, but has " + count + " steps now");
      }
      used = true;
      return () -> new Blocks(this, count, maxBlock);
    }
  }

  /** The same for the blocks of an epoch. */
  private final class Blocks implements Iterator<Steps> {
    private final RecordedEpoch epoch;
    private final int count;
    private final int maxBlock;
    private int done;
    private @Nullable Steps current;

    Blocks(RecordedEpoch epoch, int count, int maxBlock) {
      this.epoch = epoch;
      this.count = count;
      this.maxBlock = maxBlock;
      this.done = epoch.done;
    }

    @Override
    public boolean hasNext() {
      Steps finished = current;
      if (finished != null) {
        current = null;
        done += finished.count();
        steps += finished.count();
        blockEnds.add(steps);
        if (done < count) {
          place(epoch.number, done, stopAsked());
        }
      }
      if (done == count) {
        tail = true;
        return false;
      }
      epoch.cut = stopAsked();
      return !epoch.cut;
    }

    @Override
    public Steps next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Steps made = new Steps(steps + 1, Math.min(maxBlock, count - done));
      current = made;
      return made;
    }
  }
}
