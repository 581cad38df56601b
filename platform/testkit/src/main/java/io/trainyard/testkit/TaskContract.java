package io.trainyard.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trainyard.spi.Metric;
import io.trainyard.spi.Param;
import io.trainyard.spi.Task;
import io.trainyard.spi.TaskSpec;
import java.util.HashSet;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What every task must satisfy, as JUnit tests: a task's own test class extends this and gets them all. JUnit's thread
 * calls.
 *
 * <p>JUnit is for the plugin's build to bring ({@code junit-jupiter}, 5.10 or later).
 */
public abstract class TaskContract {
  private static final long PROMPT_NS = TimeUnit.SECONDS.toNanos(5);

  /** A fresh instance. */
  protected abstract Task task();

  /** Params that make a training of a second at most, and of at least 10 steps. */
  protected abstract Map<String, ?> quick();

  private RecordingRun run() {
    return new RecordingRun(task()).params(quick()).seed(7);
  }

  @Test
  void theSpecIsTheSameEachTimeAndSaysWhatEverythingIsFor() {
    TaskSpec spec = task().spec();
    assertEquals(spec, task().spec());
    assertFalse(spec.description().isBlank(), "a sentence or two for somebody who does not know the task");
    for (Param<?> param : spec.params()) {
      assertFalse(param.help().isBlank(), () -> "param " + param.name() + " has no help");
    }
    Set<String> names = spec.metrics().stream().map(Metric::name).collect(Collectors.toSet());
    assertEquals(spec.metrics().size(), names.size(), "two metrics of one name");
  }

  @Test
  void itIsFoundByTheServiceLoader() {
    Class<?> type = task().getClass();
    assertTrue(
        ServiceLoader.load(Task.class).stream().anyMatch(it -> it.type() == type),
        () -> "META-INF/services/" + Task.class.getName() + " does not name " + type.getName());
  }

  @Test
  void itTrainsAndLogsEveryMetricThatItDeclares() throws Exception {
    RecordingRun run = run().train();
    assertTrue(run.steps() >= 10, () -> "quick() trains for " + run.steps() + " steps");
    Set<String> silent = new TreeSet<>();
    task().spec().metrics().forEach(it -> silent.add(it.name()));
    run.points().forEach(it -> silent.remove(it.series()));
    assertEquals(Set.of(), silent, "declared, but never logged");
  }

  @Test
  void stepsAreNumberedFromOneAndEachSeriesHasOneValueForAStep() throws Exception {
    RecordingRun run = run().train();
    Set<String> seen = new HashSet<>();
    for (RecordingRun.Point point : run.points()) {
      assertTrue(point.step() >= 1 && point.step() <= run.steps(), () -> point + " of " + run.steps() + " steps");
      assertTrue(seen.add(point.series() + " " + point.step()), () -> "twice: " + point);
    }
  }

  @Test
  void theSameSeedGivesTheSameBits() throws Exception {
    assertEquals(run().train().points(), run().train().points());
  }

  @Test
  void aStopEndsItBeforeItsNextBlockOfSteps() throws Exception {
    long all = run().train().steps();
    RecordingRun run = run().stopAfter(all / 2).train();
    assertTrue(run.stepsAtStop() >= 0, "no stop was asked for");
    assertEquals(run.stepsAtStop(), run.steps(), "it trained on after the stop");
    assertTrue(run.nanosAfterStop() < PROMPT_NS, () -> "it took " + run.nanosAfterStop() + " ns to end");
  }
}
