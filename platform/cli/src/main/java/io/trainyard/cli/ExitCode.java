package io.trainyard.cli;

/** What a command's exit status means; scripts rely on these numbers, so they never change. */
final class ExitCode {
  static final int OK = 0;

  /** The run ended as FAILED or DIVERGED, or something went wrong that has no number of its own. */
  static final int FAILED = 1;

  /** Unknown command, flag, task or param, or a value that cannot be. */
  static final int BAD_INPUT = 2;

  /** No hub could be reached or started. */
  static final int NO_HUB = 3;

  /** There is no such run, task or experiment. */
  static final int NOT_FOUND = 4;

  /** {@code verify} has found damage. */
  static final int DAMAGED = 5;

  /** {@code doctor} misses something that is needed. */
  static final int MISSING = 6;

  /** The run was stopped. */
  static final int STOPPED = 7;

  /** {@code replay} has found other bits than the run has. */
  static final int DIFFERENT = 8;

  private ExitCode() {}
}
