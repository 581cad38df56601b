package io.trainyard.toolkit;

/**
 * Which rows an epoch reads, and in which order: batch after batch, and what does not fill the last one makes a shorter
 * one. One thread.
 */
@FunctionalInterface
public interface Sampler {
  /**
   * The rows of an epoch. They depend on the epoch alone and not on those before, so that a training can be resumed in
   * any of them; the array may be reused by the next call.
   *
   * @param epoch from 1
   */
  int[] rows(int epoch);
}
