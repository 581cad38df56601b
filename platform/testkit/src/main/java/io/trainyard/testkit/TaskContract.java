package io.trainyard.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trainyard.spi.Exhibit;
import io.trainyard.spi.LanguageModel;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Param;
import io.trainyard.spi.Predictor;
import io.trainyard.spi.Task;
import io.trainyard.spi.TaskSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What every task must satisfy, as JUnit tests: a task's own test class extends this and gets them all. JUnit's thread
 * calls.
 *
 * <p>JUnit is for the plugin's build to bring ({@code junit-jupiter}, 5.10 or later). What a task does not offer, to be
 * resumed or to be asked, is not tested of it.
 */
public abstract class TaskContract {
  private static final long PROMPT_NS = TimeUnit.SECONDS.toNanos(5);

  /** A fresh instance. */
  protected abstract Task task();

  /**
   * Params that make a training of a second at most, and of at least 10 steps. A task that can be resumed needs two
   * epochs or more, of two blocks or more, to have all of it tested.
   */
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
    Metric best = spec.best();
    assertTrue(best == null || names.contains(best.name()), "what judges checkpoints is not among the metrics");
    spec.bands()
        .forEach(it -> assertTrue(names.contains(it.metric().name()), () -> "a band of an unknown metric: " + it));
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
    assertEquals(run().train().repeatable(), run().train().repeatable());
  }

  @Test
  void aStopEndsItBeforeItsNextBlockOfSteps() throws Exception {
    long all = run().train().steps();
    RecordingRun run = run().stopAfter(all / 2).train();
    assertTrue(run.stepsAtStop() >= 0, "no stop was asked for");
    assertEquals(run.stepsAtStop(), run.steps(), "it trained on after the stop");
    assertTrue(run.nanosAfterStop() < PROMPT_NS, () -> "it took " + run.nanosAfterStop() + " ns to end");
  }

  @Test
  void stoppedInTheMiddleOfAnEpochAndResumedItIsAsIfNothingHadBeen() throws Exception {
    RecordingRun whole = resumable();
    OptionalLong middle = nearestTheMiddle(whole, false);
    assumeTrue(middle.isPresent(), "each epoch of quick() is one block of steps");
    RecordingRun stopped = run().stopAfter(middle.getAsLong()).train();
    assertEquals(middle.getAsLong(), stopped.checkpointStep(), "the step of the checkpoint");
    assertSame(whole, stopped, run().resume(stopped).train());
  }

  @Test
  void stoppedAtTheEndOfAnEpochAndResumedItIsAsIfNothingHadBeen() throws Exception {
    RecordingRun whole = resumable();
    OptionalLong end = nearestTheMiddle(whole, true);
    assumeTrue(end.isPresent(), "quick() has one epoch");
    RecordingRun stopped = run().stopAfter(end.getAsLong()).train();
    if (stopped.checkpointStep() < 0) {
      // Its evaluation asks for the stop and was told; then an earlier checkpoint is the one.
      stopped = run().stopAfter(end.getAsLong()).checkpointAfter(1).train();
      assumeTrue(stopped.checkpointStep() > 0, "there is no place for a checkpoint before it");
    }
    assertSame(whole, stopped, run().resume(stopped).train());
  }

  @Test
  void killedSomeTimeAfterACheckpointAndResumedItIsAsIfNothingHadBeen() throws Exception {
    RecordingRun whole = resumable();
    RecordingRun killed = run().checkpointAfter(whole.steps() / 3).stopAfter(whole.steps() / 2).train();
    assumeTrue(killed.checkpointStep() > 0, "quick() is too short to have a checkpoint in its first half");
    assertSame(whole, killed, run().resume(killed).train());
  }

  @Test
  void aTrainedModelAnswersWithProbabilitiesAndTheSameEachTime() throws Exception {
    assumeTrue(task() instanceof Predictor, "it is not a Predictor");
    Predictor.Input input = ((Predictor) task()).input();
    RecordingRun trained = run().train();
    int size = input.width() * input.height() * input.channels();
    byte[] dark = new byte[size];
    byte[] striped = new byte[size];
    for (int i = 0; i < size; i += 2) {
      striped[i] = (byte) 255;
    }
    List<Exhibit.Picture> pictures = List.of(picture(input, dark), picture(input, striped), picture(input, dark));
    List<Predictor.Prediction> answers = run().predict(trained, pictures);
    assertEquals(pictures.size(), answers.size(), "one answer for each picture");
    assertEquals(answers.get(0), answers.get(2), "the same picture twice");
    assertEquals(answers, run().predict(trained, pictures), "asked twice");
    for (Predictor.Prediction answer : answers) {
      double sum = 0;
      double before = 1;
      Set<String> labels = new HashSet<>();
      for (Predictor.Score score : answer.scores()) {
        assertTrue(score.probability() >= 0 && score.probability() <= before, () -> "the likeliest first: " + answer);
        assertTrue(!score.label().isBlank() && labels.add(score.label()), () -> "each class has a name: " + answer);
        before = score.probability();
        sum += before;
      }
      assertEquals(1, sum, 1e-3, () -> "the sum of " + answer);
    }
  }

  @Test
  void aTrainedLanguageModelGoesOnTheSameEachTimeAndScoresWithProbabilities() throws Exception {
    assumeTrue(task() instanceof LanguageModel, "it is not a LanguageModel");
    RecordingRun trained = run().train();
    for (double temperature : new double[] {0, 1}) {
      LanguageModel.Prompt prompt = new LanguageModel.Prompt("", 20, temperature, 3);
      String text = run().generate(trained, prompt);
      assertFalse(text.isEmpty(), "it has gone on with nothing");
      assertEquals(text, run().generate(trained, prompt), "the same prompt twice");

      List<LanguageModel.Factor> factors = run().score(trained, text);
      assertEquals(factors, run().score(trained, text), "the same text twice");
      assertFalse(factors.isEmpty(), "a text without a factor");
      assertEquals(List.of(), factors.get(0).given(), "nothing is given to the first token");
      for (LanguageModel.Factor factor : factors) {
        double p = factor.probability();
        assertTrue(p > 0 && p <= 1, () -> "it has just drawn it: " + factor);
      }
    }
  }

  private static Exhibit.Picture picture(Predictor.Input input, byte[] pixels) {
    return new Exhibit.Picture(input.width(), input.height(), input.channels(), pixels, "");
  }

  private RecordingRun resumable() throws Exception {
    RecordingRun whole = run().train();
    assumeTrue(whole.resumable(), "it does not call run.resumable");
    return whole;
  }

  /** A place to stop: after a block of steps, or after the last one of an epoch, though not of the last epoch. */
  private static OptionalLong nearestTheMiddle(RecordingRun run, boolean endOfEpoch) {
    OptionalLong nearest = OptionalLong.empty();
    for (long end : run.blockEnds()) {
      boolean fits = run.epochEnds().contains(end) == endOfEpoch && end < run.steps();
      long middle = run.steps() / 2;
      if (fits && (nearest.isEmpty() || Math.abs(end - middle) < Math.abs(nearest.getAsLong() - middle))) {
        nearest = OptionalLong.of(end);
      }
    }
    return nearest;
  }

  /** Two parts have, together, the points of the whole, and no other: bit for bit, but for what is timed. */
  private static void assertSame(RecordingRun whole, RecordingRun first, RecordingRun rest) {
    Map<String, RecordingRun.Point> left = new TreeMap<>();
    Map<String, RecordingRun.Point> expected = new TreeMap<>();
    for (RecordingRun.Point point : whole.repeatable()) {
      expected.put(key(point), point);
    }
    left.putAll(expected);
    for (RecordingRun part : List.of(first, rest)) {
      for (RecordingRun.Point point : part.repeatable()) {
        RecordingRun.Point should = expected.get(key(point));
        if (!point.equals(should)) {
          fail("resumed after step " + first.checkpointStep() + ": " + point + ", uninterrupted: " + should);
        }
        left.remove(key(point));
      }
    }
    assertEquals(List.of(), List.copyOf(left.values()), "missing in both parts");
    assertEquals(whole.steps(), rest.steps(), "steps");
  }

  private static String key(RecordingRun.Point point) {
    return String.format("%20d %s", point.step(), point.series());
  }
}
