package io.trainyard.spi;

/** Thrown by a task whose loss or parameters are no longer finite: the run ends as DIVERGED at this step. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final long step;

  public DivergedException(long step, String message) {
    super(message);
    this.step = step;
  }

  /** The first step at which the divergence was seen. */
  public long step() {
    return step;
  }
}
