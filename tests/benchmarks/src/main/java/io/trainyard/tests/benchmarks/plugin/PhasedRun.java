package io.trainyard.tests.benchmarks.plugin;

import io.trainyard.spi.ArtifactRef;
import io.trainyard.spi.Device;
import io.trainyard.spi.Epoch;
import io.trainyard.spi.Exhibit;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Param;
import io.trainyard.spi.Run;
import io.trainyard.spi.State;
import io.trainyard.spi.Steps;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * A run that logs in every other phase, and measures the phases. The training thread calls. Public for the check of
 * what was stored.
 */
public final class PhasedRun implements Run {
  private final Run run;
  private final long phaseNanos;
  private final int phases;
  private final StringBuilder measured = new StringBuilder();
  private boolean tracked = true;

  /** The first phase warms up and is not counted. */
  private int phase = -1;

  private long phaseStart = System.nanoTime();
  private long steps;
  private long points;
  private long checksum;

  /** Kept so that the compiler cannot leave the sum out where nothing is tracked. */
  private long dropped;

  PhasedRun(Run run, long phaseSeconds, int pairs) {
    this.run = run;
    this.phaseNanos = phaseSeconds * 1_000_000_000L;
    this.phases = 2 * pairs;
  }

  /** Of each phase whether it was tracked, its steps, its nanoseconds. */
  String phases() {
    return measured.toString();
  }

  /** How many points, a sum over what they say, and the like sum over those that were dropped. */
  String logged() {
    return points + ":" + checksum + ":" + dropped;
  }

  /** Sums to the same whatever the order. */
  public static long mix(long step, double value) {
    long bits = Double.doubleToRawLongBits(value) * 0x9e3779b97f4a7c15L + step;
    return (bits ^ bits >>> 32) * 0xbf58476d1ce4e5b9L;
  }

  @Override
  public void log(Metric metric, Steps block, float[] values) {
    if (metric.name().equals("train/loss")) {
      steps += block.count();
    }
    // The sum is computed in both kinds of phase: it is the benchmark's cost, not the tracking's.
    long sum = 0;
    for (int i = 0; i < block.count(); i++) {
      sum += mix(block.first() + i, values[i]);
    }
    if (tracked) {
      run.log(metric, block, values);
      points += block.count();
      checksum += sum;
    } else {
      dropped += sum;
    }
  }

  @Override
  public void log(Metric metric, long step, double value) {
    if (tracked) {
      run.log(metric, step, value);
      points++;
      checksum += mix(step, value);
    }
  }

  @Override
  public Iterable<Epoch> epochs(int count) {
    return () -> {
      Iterator<Epoch> epochs = run.epochs(count).iterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          turn();
          return phase < phases && epochs.hasNext();
        }

        @Override
        public Epoch next() {
          if (phase >= phases) {
            throw new NoSuchElementException();
          }
          return epochs.next();
        }
      };
    };
  }

  /** Between epochs, so that none is half tracked. In the order ABBA ABBA, so that a drift hits both alike. */
  private void turn() {
    long now = System.nanoTime();
    if (now - phaseStart < phaseNanos) {
      return;
    }
    if (phase >= 0) {
      measured.append(tracked ? '1' : '0').append(':').append(steps).append(':').append(now - phaseStart).append(' ');
    }
    phase++;
    tracked = phase % 4 == 0 || phase % 4 == 3;
    steps = 0;
    phaseStart = now;
  }

  @Override
  public String id() {
    return run.id();
  }

  @Override
  public long seed() {
    return run.seed();
  }

  @Override
  public Device device() {
    return run.device();
  }

  @Override
  public boolean stopping() {
    return run.stopping();
  }

  @Override
  public <T> T get(Param<T> param) {
    return run.get(param);
  }

  @Override
  public void show(String name, long step, Exhibit exhibit) {
    run.show(name, step, exhibit);
  }

  @Override
  public void keep(String path, Path file) throws IOException {
    run.keep(path, file);
  }

  @Override
  public Path artifact(ArtifactRef input) throws IOException {
    return run.artifact(input);
  }

  @Override
  public void resumable(State state) throws IOException {
    run.resumable(state);
  }

  @Override
  public void provenance(String key, String value) {
    run.provenance(key, value);
  }

  @Override
  public Optional<Path> dataFolder() {
    return run.dataFolder();
  }
}
