package io.trainyard.cli;

import io.trainyard.core.run.Home;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which hub a command means. */
final class HomeOptions {
  @Option(
      names = "--home",
      paramLabel = "FOLDER",
      defaultValue = "${env:TRAINYARD_HOME:-${sys:user.home}/.trainyard}",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description = "Where everything is kept (TRAINYARD_HOME, else ~/.trainyard).")
  private Path home = Path.of(".");

  @Option(names = "--hub", paramLabel = "URL", description = "A hub elsewhere, instead of the one of --home.")
  private @Nullable URI hub;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "The file with the token: of the hub that is asked, or for the hub that is started.")
  private @Nullable Path tokenFile;

  Home home() {
    return new Home(home.toAbsolutePath().normalize());
  }

  @Nullable URI hub() {
    return hub;
  }

  @Nullable Path tokenFile() {
    return tokenFile;
  }
}
