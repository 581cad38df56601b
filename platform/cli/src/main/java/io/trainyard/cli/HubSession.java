package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.client.Pids;
import io.trainyard.core.run.Home;
import io.trainyard.hub.Hub;
import io.trainyard.hub.HubConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The hub that a command talks to: the one that is up, or one in this process for as long as the command runs. */
final class HubSession implements AutoCloseable {
  private final HubClient client;
  private final @Nullable Hub own;

  private HubSession(HubClient client, @Nullable Hub own) {
    this.client = client;
    this.own = own;
  }

  /** For a command that only asks: a hub that is started for it starts no runs. */
  static HubSession toRead(HomeOptions options) {
    return open(options, false);
  }

  /** For a command that may launch. */
  static HubSession toLaunch(HomeOptions options) {
    return open(options, true);
  }

  private static HubSession open(HomeOptions options, boolean launches) {
    if (options.hub() != null) {
      return new HubSession(new HubClient(options.hub(), options.tokenFile() == null ? null : Installation.token(options.tokenFile())), null);
    }
    Home home = options.home();
    Optional<HubSession> up = up(home);
    if (up.isPresent()) {
      return up.get();
    }
    HubConfig config = Installation.config(home);
    Hub hub =
        HubStart.start(
            config
                .server(config.server().port(0).slots(launches ? 1 : 0))
                .agent(config.agent().warm(false)));
    return new HubSession(new HubClient(hub.url(), hub.token()), hub);
  }

  /** The hub of this home, if one is up. */
  static Optional<HubSession> up(Home home) {
    try {
      if (!Files.exists(home.hubFile())) {
        return Optional.empty();
      }
      JsonNode file = HubClient.JSON.readTree(home.hubFile().toFile());
      if (Pids.startOf(file.path("pid").asLong()) == 0) {
        // Left by a hub that was killed.
        return Optional.empty();
      }
      HubClient client = new HubClient(URI.create(file.path("url").asText()), Installation.token(home.token()));
      if (!client.get("/api/v1/hub").path("instance").asText().equals(file.path("instance").asText())) {
        return Optional.empty();
      }
      return Optional.of(new HubSession(client, null));
    } catch (IOException | CommandException e) {
      return Optional.empty();
    }
  }

  HubClient client() {
    return client;
  }

  /** Whether it lives in this process and ends with the command. */
  boolean own() {
    return own != null;
  }

  @Override
  public void close() {
    if (own != null) {
      // Runners that a killed hub left, and this one took over, train on.
      own.leave();
    }
  }
}
