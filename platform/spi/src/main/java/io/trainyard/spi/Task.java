package io.trainyard.spi;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a plugin offers: something that can be trained. A fresh instance serves each run, and one thread calls it.
 *
 * <pre>{@code
 * public final class Guess implements Task {
 *   static final Param.Real RATE = Param.real("learning_rate", 0.03, "size of a step").above(0);
 *   static final Metric LOSS = Metric.minimize("train/loss");
 *
 *   public TaskSpec spec() {
 *     return TaskSpec.of("guess", "A guess").params(RATE).metrics(LOSS);
 *   }
 *
 *   public void train(Run run) {
 *     double x = 10;
 *     for (Epoch epoch : run.epochs(5)) {
 *       for (Steps steps : epoch.steps(100, 1)) {
 *         run.log(LOSS, steps.first(), x * x);
 *         x -= run.get(RATE) * 2 * x;
 *       }
 *     }
 *   }
 * }
 * }</pre>
 */
public interface Task {
  /** What this task is called, takes and measures. Must be quick, and the same each time: it is read without a run. */
  TaskSpec spec();

  /**
   * Why this task cannot be launched on this machine, as a sentence that names the way out; empty when it can.
   * Asked when the plugin is loaded, so that the task is listed with its reason instead of failing later.
   *
   * @param data the folder with data sets that the user named, if any
   */
  default Optional<String> unavailable(Optional<Path> data) {
    return Optional.empty();
  }

  /**
   * Trains. Returns when done, or when the loops over {@link Run#epochs} end early because a stop was asked for.
   *
   * @throws DivergedException if the training has diverged: the run ends as DIVERGED, not as FAILED
   * @throws InvalidDataException if the params do not fit the data; thrown before the first step
   * @throws Exception anything else ends the run as FAILED with the exception's message
   */
  void train(Run run) throws Exception;
}
