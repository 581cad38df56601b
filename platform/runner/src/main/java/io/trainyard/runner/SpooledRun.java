package io.trainyard.runner;

import io.trainyard.client.SpoolWriter;
import io.trainyard.spi.Device;
import io.trainyard.spi.Epoch;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Param;
import io.trainyard.spi.Run;
import io.trainyard.spi.Steps;
import io.trainyard.spi.TaskSpec;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The run that a task sees: what is logged goes to the spool, how far it is to the control page, and from there comes
 * the stop. The thread "train" iterates, any thread logs.
 */
final class SpooledRun implements Run {
  private final Assignment assignment;
  private final TaskSpec spec;
  private final Device device;
  private final SpoolWriter spool;
  private final MetricIds ids;
  private final Map<String, Object> values = new HashMap<>();
  private long steps;
  private volatile boolean stopSeen;

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
    StringBuilder wrong = new StringBuilder();
    Map<String, Object> given = new HashMap<>(assignment.params());
    for (Param<?> param : spec.params()) {
      Object raw = given.remove(param.name());
      try {
        Object value = raw == null ? param.fallback() : param.read(raw);
        if (value == null) {
          throw new IllegalArgumentException("must be given");
        }
        values.put(param.name(), value);
      } catch (IllegalArgumentException e) {
        wrong.append(wrong.isEmpty() ? "" : "; ").append(param.name()).append(' ').append(e.getMessage());
      }
    }
    for (String unknown : given.keySet()) {
      wrong.append(wrong.isEmpty() ? "" : "; ").append(unknown).append(" is not a param of ").append(spec.id());
    }
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(wrong.toString());
    }
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
    if (spool.stopRequested()) {
      stopSeen = true;
      return true;
    }
    return false;
  }

  /** The cast is safe: the value was read by the spec's own param, which equals this one. */
  @Override
  @SuppressWarnings("unchecked")
  public <T> T get(Param<T> param) {
    Object value = values.get(param.name());
    if (value == null || !spec.params().contains(param)) {
      throw new IllegalArgumentException("param " + param.name() + " is not in the spec of task " + spec.id());
    }
    return (T) value;
  }

  @Override
  public Iterable<Epoch> epochs(int count) {
    atLeastOne("epochs", count);
    return () ->
        new Blocks<>(count) {
          @Override
          Epoch make(int done) {
            spool.progress(steps, 0, done + 1, count);
            return new SpooledEpoch(done + 1, count);
          }

          @Override
          int finish(Epoch made) {
            return 1;
          }
        };
  }

  @Override
  public void log(Metric metric, Steps block, float[] values) {
    if (values.length < block.count()) {
      throw new IllegalArgumentException(
          metric.name() + ": " + values.length + " values for a block of " + block.count() + " steps");
    }
    spool.block(ids.of(metric), block.first(), block.count(), System.currentTimeMillis(), values, 0);
  }

  @Override
  public void log(Metric metric, long step, double value) {
    spool.point(ids.of(metric), step, System.currentTimeMillis(), value);
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

  private final class SpooledEpoch implements Epoch {
    private final int number;
    private final int epochs;
    private boolean used;

    SpooledEpoch(int number, int epochs) {
      this.number = number;
      this.epochs = epochs;
    }

    @Override
    public int number() {
      return number;
    }

    @Override
    public Iterable<Steps> steps(int count, int maxBlock) {
      atLeastOne("steps", count);
      atLeastOne("a block's steps", maxBlock);
      if (used) {
        throw new IllegalStateException("the steps of epoch " + number + " were asked for twice");
      }
      used = true;
      // Exact when all epochs are as long as this one, and a good guess otherwise.
      spool.progress(steps, steps + (long) count * (epochs - number + 1), number, epochs);
      return () ->
          new Blocks<>(count) {
            @Override
            Steps make(int done) {
              return new Steps(steps + 1, Math.min(maxBlock, count - done));
            }

            @Override
            int finish(Steps made) {
              steps += made.count();
              spool.step(steps);
              return made.count();
            }
          };
    }
  }

  /**
   * Hands out pieces until their sizes add up or a stop is asked for. A piece is done when the next one is asked for.
   */
  private abstract class Blocks<T> implements Iterator<T> {
    private final int total;
    private int done;
    private @Nullable T current;

    Blocks(int total) {
      this.total = total;
    }

    abstract T make(int done);

    abstract int finish(T made);

    @Override
    public boolean hasNext() {
      T finished = current;
      if (finished != null) {
        current = null;
        done += finish(finished);
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
