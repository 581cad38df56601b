package io.trainyard.toolkit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves what cannot be finished because a stop was asked for: an evaluation, a download. Thrown and caught by the
 * thread that trains, in {@link #quietly}.
 */
public final class Stopped extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Logger log = LoggerFactory.getLogger(Stopped.class);

  public Stopped(String what) {
    super(what, null, false, false);
  }

  /** Trains; a stop that comes where only an exception leads out ends it without an error. */
  public static void quietly(Body body) throws Exception {
    try {
      body.train();
    } catch (Stopped e) {
      log.info("Stopped in the middle of {}", e.getMessage());
    }
  }

  /** A training. */
  public interface Body {
    void train() throws Exception;
  }
}
