package io.trainyard.spi;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What a training must remember to go on exactly where it was: variables and the optimizer's, not the position in the
 * data, which the platform knows. Called by the thread that trains, between two blocks of steps.
 *
 * <p>Random numbers are to be derived from {@link Run#seed()} and the number of the step or epoch; then there is
 * nothing of theirs to remember.
 */
public interface State {
  /** Writes all of it to a file that does not exist yet. */
  void save(Path file) throws IOException;

  /**
   * Takes all of it from a file that {@link #save} wrote.
   *
   * @throws IOException names what does not fit, and changes nothing then
   */
  void restore(Path file) throws IOException;
}
