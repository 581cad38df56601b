package io.trainyard.spi;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The name of a series of values over steps, written {@code split/name}: {@code train/loss}, {@code grad/norm}.
 *
 * <p>Keep it in a constant: logging through the same instance each time costs one comparison of references.
 *
 * @param name letters, digits and {@code _ - . / :} and spaces, at most 250 characters
 * @param goal which way is better
 * @param timed depends on the clock, so that the same training has other values each time: examples a second, say. A
 *     replay does not compare it
 */
public record Metric(String name, Goal goal, boolean timed) {
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_\\-./: ]{1,250}");

  public Metric {
    Objects.requireNonNull(goal, "goal");
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "metric name \"" + name + "\" must be 1 to 250 letters, digits, spaces or any of _ - . / :");
    }
  }

  public static Metric minimize(String name) {
    return new Metric(name, Goal.MINIMIZE, false);
  }

  public static Metric maximize(String name) {
    return new Metric(name, Goal.MAXIMIZE, false);
  }

  public static Metric of(String name) {
    return new Metric(name, Goal.NONE, false);
  }

  /** Of something per second: the same training has other values each time. */
  public static Metric rate(String name) {
    return new Metric(name, Goal.NONE, true);
  }
}
