package io.trainyard.cli;

import io.trainyard.core.store.StoreException;
import io.trainyard.hub.Hub;
import io.trainyard.hub.HubConfig;
import java.util.function.Supplier;

/** Starts a hub in this process, or says why not. Blocks until it is ready. */
final class HubStart {
  private HubStart() {}

  static Hub start(HubConfig config) {
    return start(() -> config);
  }

  /** Options that contradict each other are refused as a folder in use is. */
  static Hub start(Supplier<HubConfig> config) {
    try {
      return Hub.start(config.get());
    } catch (StoreException | IllegalArgumentException | IllegalStateException | java.io.UncheckedIOException e) {
      throw new CommandException(ExitCode.NO_HUB, e.getMessage());
    }
  }
}
