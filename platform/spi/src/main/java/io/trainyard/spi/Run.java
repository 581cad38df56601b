package io.trainyard.spi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A run as its task sees it. Only the thread that called {@link Task#train} iterates over epochs and steps;
 * {@code log} may be called from any thread.
 *
 * <p>Logging appends to a memory-mapped file: it never blocks on a network or a disk, allocates nothing, and throws
 * only for a mistake in the calling code: a null, or fewer values than steps. What it wrote survives the death of this
 * process.
 */
public interface Run {
  /** 32 hex digits. */
  String id();

  /** What every random choice of the task is to be derived from. */
  long seed();

  Device device();

  /**
   * Whether a stop was asked for. Loops over epochs and steps see it by themselves; long evaluations ask. An epoch
   * whose steps are all done and whose evaluation is told to stop here has no checkpoint at its end: it is resumed from
   * the one before. So only what takes long should ask.
   */
  boolean stopping();

  /** The value of a param, checked against its bounds before the run started. */
  <T> T get(Param<T> param);

  /**
   * The epochs, numbered from 1; those that are left where this attempt resumes. Steps are counted over all of them.
   * The iteration ends early when a stop is asked for.
   *
   * @param count at least 1
   */
  Iterable<Epoch> epochs(int count);

  /**
   * Logs one value for each step of the block.
   *
   * @param values at least {@code steps.count()} values, in the order of the steps
   */
  void log(Metric metric, Steps steps, float[] values);

  /** Logs one value. Steps may come in any order, be negative or repeat; NaN and infinities are values. */
  void log(Metric metric, long step, double value);

  /**
   * Shows something beside the curves. Its JSON may have 1 MiB; what is larger is left out, and the run's log says so.
   *
   * @param name like a metric's: {@code weights/0}, {@code confusion}
   */
  void show(String name, long step, Exhibit exhibit);

  /**
   * Keeps a copy of a file as an artifact of this run; the file may be deleted afterwards. A disk that is full costs the
   * file, not the training, and the run's log says so.
   *
   * @param path where it is found again: names of letters, digits and {@code _ - .} with {@code /} between them, none
   *     with a dot first; {@code checkpoints/} is the platform's
   */
  void keep(String path, Path file) throws IOException;

  /**
   * The file that a param refers to, checked against its SHA-256; only to be read. The run's page shows it as an input.
   *
   * @param input the value of a {@link Param.Artifact} of this run
   */
  Path artifact(ArtifactRef input) throws IOException;

  /**
   * Says how this training is saved and restored. Called once, when the variables are there and before the epochs are
   * asked for. When this attempt resumes, the state is restored now, and {@link #epochs} goes on where it was saved.
   * From then on the platform saves when it is due: between two blocks of steps, after an epoch, at a stop and at the
   * end.
   */
  void resumable(State state) throws IOException;

  /** A fact about this run that belongs to its provenance: a data set's fingerprint, the optimizer's version. */
  void provenance(String key, String value);

  /** The folder with data sets that the user named, if any. */
  Optional<Path> dataFolder();
}
