package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.client.Pids;
import io.trainyard.core.run.Home;
import io.trainyard.hub.Hub;
import io.trainyard.hub.HubConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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
    URI elsewhere = options.hub();
    if (elsewhere != null) {
      if (elsewhere.getHost() == null || !String.valueOf(elsewhere.getScheme()).matches("https?")) {
        throw new CommandException(
            ExitCode.BAD_INPUT, "--hub takes a whole URL, such as http://127.0.0.1:8080, but is " + elsewhere);
      }
      Path file = options.tokenFile();
      return new HubSession(new HubClient(elsewhere, file == null ? null : Installation.token(file)), null);
    }
    Optional<HubSession> up = up(options);
    if (up.isPresent()) {
      return up.get();
    }
    HubConfig config = Installation.config(options.home());
    Hub hub =
        HubStart.start(
            config
                .server(config.server().port(0).slots(launches ? 1 : 0))
                .agent(config.agent().warm(false)));
    return new HubSession(new HubClient(hub.url(), hub.token()), hub);
  }

  /** The hub of this home, if one is up. */
  static Optional<HubSession> up(HomeOptions options) {
    Home home = options.home();
    JsonNode file;
    try {
      if (!Files.exists(home.hubFile())) {
        return Optional.empty();
      }
      file = HubClient.JSON.readTree(home.hubFile().toFile());
    } catch (IOException e) {
      return Optional.empty();
    }
    if (Pids.startOf(file.path("pid").asLong()) == 0) {
      // Left by a hub that was killed.
      return Optional.empty();
    }
    HubClient client = new HubClient(URI.create(file.path("url").asText()), token(options));
    try {
      if (!client.get("/api/v1/hub").path("instance").asText().equals(file.path("instance").asText())) {
        return Optional.empty();
      }
    } catch (CommandException e) {
      if (e.exitCode() == ExitCode.NO_HUB) {
        // Its number was given to another process.
        return Optional.empty();
      }
      throw new CommandException(
          ExitCode.NO_HUB,
          e.getMessage() + "\nA hub is up at " + client.base() + " for " + home.root()
              + "; if it has a token of its own, name it with --token-file.");
    }
    return Optional.of(new HubSession(client, null));
  }

  /** What is given, else what the hub made at its first start; a hub with a token of its own makes none. */
  private static @Nullable String token(HomeOptions options) {
    if (options.tokenFile() != null) {
      return Installation.token(options.tokenFile());
    }
    Path made = options.home().token();
    return Files.exists(made) ? Installation.token(made) : null;
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
