package io.trainyard.testkit;

import io.trainyard.spi.Device;
import io.trainyard.spi.Epoch;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Param;
import io.trainyard.spi.Run;
import io.trainyard.spi.Steps;
import io.trainyard.spi.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A run in memory, for the test of a task; one thread trains, any may log.
 *
 * <pre>{@code
 * RecordingRun run = new RecordingRun(new Linreg()).seed(1).param("epochs", 3).train();
 * assertThat(run.last("epoch/train_loss")).isLessThan(1e-4);
 * }</pre>
 */
public final class RecordingRun implements Run {
  private final Task task;
  private final Map<String, Param<?>> specs = new HashMap<>();
  private final Map<String, Object> given = new HashMap<>();
  private final List<Point> points = new ArrayList<>();
  private final Map<String, String> provenance = new TreeMap<>();
  private long seed = 1;
  private long stopAfter = Long.MAX_VALUE;
  private long steps;
  private long stepsAtStop = -1;
  private long stopSeenAt;
  private long stoppedFor = -1;
  private @Nullable Path data;

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

  /** Asks for a stop once so many steps are done. */
  public RecordingRun stopAfter(long steps) {
    stopAfter = steps;
    return this;
  }

  /** Trains to the end. Whatever the task throws is thrown. */
  public RecordingRun train() throws Exception {
    task.train(this);
    stoppedFor = stepsAtStop < 0 ? -1 : System.nanoTime() - stopSeenAt;
    return this;
  }

  /** All that was logged, in its order. */
  public List<Point> points() {
    return List.copyOf(points);
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

  public Map<String, String> provenance() {
    return Map.copyOf(provenance);
  }

  /** Steps that were done. */
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
  public Iterable<Epoch> epochs(int count) {
    atLeastOne("epochs", count);
    return () ->
        new Counting<>(count) {
          @Override
          Epoch make(int done) {
            return new RecordedEpoch(done + 1);
          }

          @Override
          int size(Epoch made) {
            return 1;
          }
        };
  }

  @Override
  public synchronized void log(Metric metric, Steps block, float[] values) {
    if (values.length < block.count()) {
      throw new IllegalArgumentException(
          metric.name() + ": " + values.length + " values for a block of " + block.count() + " steps");
    }
    for (int i = 0; i < block.count(); i++) {
      points.add(new Point(metric.name(), block.first() + i, values[i]));
    }
  }

  @Override
  public synchronized void log(Metric metric, long step, double value) {
    points.add(new Point(metric.name(), step, value));
  }

  @Override
  public synchronized void provenance(String key, String value) {
    provenance.put(key, value);
  }

  @Override
  public Optional<Path> dataFolder() {
    return Optional.ofNullable(data);
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

  private final class RecordedEpoch implements Epoch {
    private final int number;
    private boolean used;

    RecordedEpoch(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }

    @Override
    public Iterable<Steps> steps(int count, int maxBlock) {
      atLeastOne("steps", count);
      atLeastOne("maxBlock", maxBlock);
      if (used) {
        throw new IllegalStateException("the steps of epoch " + number + " were asked for twice");
      }
      used = true;
      return () ->
          new Counting<>(count) {
            @Override
            Steps make(int done) {
              return new Steps(steps + 1, Math.min(maxBlock, count - done));
            }

            @Override
            int size(Steps made) {
              steps += made.count();
              return made.count();
            }
          };
    }
  }

  /**
   * Hands things out until their sizes add up or a stop is asked for; a thing is done when the next one is asked for.
   */
  private abstract class Counting<T> implements Iterator<T> {
    private final int total;
    private int done;
    private @Nullable T current;

    Counting(int total) {
      this.total = total;
    }

    abstract T make(int done);

    abstract int size(T made);

    @Override
    public boolean hasNext() {
      if (current != null) {
        done += size(current);
        current = null;
      }
      return done < total && !stopping();
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      T made = make(done);
      current = made;
      return made;
    }
  }
}
