package io.trainyard.core.run;

import java.nio.file.Path;

/**
 * Where everything of a user lies: {@code TRAINYARD_HOME}, by default {@code ~/.trainyard}.
 *
 * @param root the folder itself
 */
public record Home(Path root) {
  /** The launch token, readable by its owner only. */
  public Path token() {
    return root.resolve("token");
  }

  /** Where the hub that is up says where it is. */
  public Path hubFile() {
    return root.resolve("hub.json");
  }

  /** The user's plugins; the built-in ones lie beside the runnable JAR. */
  public Path plugins() {
    return root.resolve("plugins");
  }

  /** Copies of JARs by their SHA-256; only these are ever loaded. */
  public Path pluginStore() {
    return plugins().resolve(".store");
  }

  public Path spool() {
    return root.resolve("spool");
  }

  /** What an attempt writes until it has been shipped. */
  public Path spool(String run, int attempt) {
    return spool().resolve(run).resolve(Integer.toString(attempt));
  }

  /** Output of attempts. */
  public Path logs() {
    return root.resolve("logs");
  }

  /** What attempts have shown and kept. */
  public Path artifacts() {
    return root.resolve("artifacts");
  }

  /** Output of runners that wait for an assignment. */
  public Path runners() {
    return root.resolve("runners");
  }
}
