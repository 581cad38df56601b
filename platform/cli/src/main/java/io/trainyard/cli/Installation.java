package io.trainyard.cli;

import io.trainyard.core.run.Home;
import io.trainyard.hub.HubConfig;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where this program itself lies. */
final class Installation {
  private Installation() {}

  /** The runnable JAR; {@code lib} and {@code plugins} are its siblings. */
  static Path jar() {
    String named = System.getProperty("trainyard.jar");
    if (named != null) {
      return Path.of(named).toAbsolutePath().normalize();
    }
    try {
      return Path.of(Installation.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The token in this file. */
  static String token(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new CommandException(ExitCode.NO_HUB, "the token file " + file + " cannot be read: " + e.getMessage());
    }
  }

  static HubConfig config(Home home) {
    return HubConfig.of(home, jar());
  }
}
