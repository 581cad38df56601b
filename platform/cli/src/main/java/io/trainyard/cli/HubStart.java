package io.trainyard.cli;

import io.trainyard.core.store.StoreException;
import io.trainyard.hub.Hub;
import io.trainyard.hub.HubConfig;

/** Starts a hub in this process, or says why not. Blocks until it is ready. */
final class HubStart {
  private HubStart() {}

  static Hub start(HubConfig config) {
    try {
      return Hub.start(config);
    } catch (StoreException | IllegalArgumentException | IllegalStateException | java.io.UncheckedIOException e) {
      throw new CommandException(ExitCode.NO_HUB, e.getMessage());
    }
  }
}
