package io.trainyard.toolkit;

/**
 * Leaves what cannot be finished because a stop was asked for: an evaluation, a download. Thrown and caught by the
 * thread that trains, in {@link Trainer#with}.
 */
final class Stopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Stopped(String what) {
    super(what, null, false, false);
  }
}
