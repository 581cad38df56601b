package io.trainyard.spi;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names a file that a run keeps: {@code 3f2a.../vocab.json}.
 *
 * @param run 32 hex digits
 * @param path the artifact's, as it was given to {@link Run#keep}
 */
public record ArtifactRef(String run, String path) {
  private static final Pattern WRITTEN = Pattern.compile("([0-9a-f]{32})/(\\S(?:.*\\S)?)");

  public ArtifactRef {
    if (!WRITTEN.matcher(run + "/" + path).matches()) {
      throw new IllegalArgumentException(
          "must be the id of a run (32 hex digits), a slash and the path of its artifact, but is " + run + "/" + path);
    }
  }

  /** From the way it is written. */
  public static ArtifactRef parse(String text) {
    Matcher matcher = WRITTEN.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "must be the id of a run (32 hex digits), a slash and the path of its artifact, but is " + text);
    }
    return new ArtifactRef(matcher.group(1), matcher.group(2));
  }

  @Override
  public String toString() {
    return run + "/" + path;
  }
}
