package io.trainyard.core.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JAR in a plugins folder.
 *
 * @param file its name
 * @param reason why it is REJECTED, as a sentence with the way out
 * @param spi the SPI that it was built for; null when not known
 * @param tasks ids of what it offers
 * @param size in bytes
 */
public record PluginInfo(
    String file,
    State state,
    @Nullable String reason,
    @Nullable String sha256,
    @Nullable String version,
    @Nullable Integer spi,
    List<String> tasks,
    long size) {

  /** Where a JAR is on its way to being usable. */
  public enum State {
    INSPECTING,
    LOADED,
    REJECTED
  }
}
