package io.trainyard.spi;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A run as its task sees it. Only the thread that called {@link Task#train} iterates over epochs and steps;
 * {@code log} may be called from any thread.
 *
 * <p>Logging appends to a memory-mapped file: it never blocks on a network or a disk, allocates nothing, and throws only
 * for a mistake in the calling code: a null, or fewer values than steps. What it wrote survives the death of this process.
 */
public interface Run {
  /** 32 hex digits. */
  String id();

  /** What every random choice of the task is to be derived from. */
  long seed();

  Device device();

  /** Whether a stop was asked for. Loops over epochs and steps see it by themselves; long evaluations ask. */
  boolean stopping();

  /** The value of a param, checked against its bounds before the run started. */
  <T> T get(Param<T> param);

  /**
   * The epochs, numbered from 1. Steps are counted over all of them. The iteration ends early when a stop is asked for.
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

  /** A fact about this run that belongs to its provenance: a data set's fingerprint, the optimizer's version. */
  void provenance(String key, String value);

  /** The folder with data sets that the user named, if any. */
  Optional<Path> dataFolder();
}
