package io.trainyard.core.model;

/** Where a run is in its life. */
public enum RunState {
  QUEUED,
  RUNNING,
  FINISHED,
  FAILED,
  STOPPED,
  DIVERGED;

  /** Whether nothing more can happen to a run in this state. */
  public boolean ended() {
    return this != QUEUED && this != RUNNING;
  }
}
