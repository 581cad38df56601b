package io.trainyard.toolkit;

import io.trainyard.spi.InvalidDataException;
import io.trainyard.spi.Run;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a published data set may be on this machine, in the order in which it is looked for, and where it is
 * downloaded from. Used by the thread that trains.
 *
 * @param named folders that somebody has named, each of which may hold it or a folder of its name
 * @param cache where a download goes
 */
public record Places(Published what, List<Path> named, Path cache, List<URI> mirrors) {
  /** Names a folder with data sets, or one of them; after what the user has given with the run. */
  static final String FOLDER_VARIABLE = "TRAINYARD_DATA";

  private static final int ANSWER_MS = 2_000;
  private static final Logger log = LoggerFactory.getLogger(Places.class);

  /** With the environment of this process. */
  public static Places of(Published what, Optional<Path> data) {
    return of(what, data, System::getenv);
  }

  static Places of(Published what, Optional<Path> data, Function<String, @Nullable String> environment) {
    List<Path> named = new ArrayList<>(data.stream().toList());
    given(environment.apply(FOLDER_VARIABLE)).map(Path::of).ifPresent(named::add);
    Path home =
        given(environment.apply("TRAINYARD_HOME"))
            .map(Path::of)
            .orElse(Path.of(System.getProperty("user.home"), ".trainyard"));
    List<URI> mirrors =
        given(System.getProperty("trainyard." + what.name() + ".mirrors"))
            .or(() -> given(environment.apply(mirrorsVariable(what))))
            .map(it -> Arrays.stream(it.split(",")).map(String::strip).map(Places::folder).toList())
            .orElse(what.hosts());
    return new Places(what, named, home.resolve("datasets").resolve(what.name()), mirrors);
  }

  /** Addresses of folders, separated by commas, in the place of the data set's own hosts; also a system property. */
  private static String mirrorsVariable(Published what) {
    return "TRAINYARD_" + what.name().toUpperCase(Locale.ROOT).replace('-', '_') + "_MIRRORS";
  }

  /** The first folder on this machine that has all its files. */
  public Optional<Path> find() {
    return Stream.concat(named.stream().flatMap(it -> Stream.of(it, it.resolve(what.name()))), fixed())
        .filter(what::in)
        .findFirst();
  }

  /**
   * Where it is found, or was downloaded to now.
   *
   * @throws InvalidDataException names all the ways to get it
   */
  public Path get(Run run) {
    return find().orElseGet(() -> download(run::stopping));
  }

  /** Why it cannot be had on this machine, with all the ways out; empty when it can. */
  public Optional<String> unavailable() {
    // The smallest is asked for, which is the last where it matters.
    String file = what.files().get(what.files().size() - 1).file();
    if (find().isPresent() || Download.answers(mirrors, file, ANSWER_MS)) {
      return Optional.empty();
    }
    return Optional.of(missing("no host of it answers"));
  }

  Path download(BooleanSupplier stopping) {
    log.info("{} is not on this machine: downloading {} to {}", what.title(), what.size(), cache);
    Download download = new Download(mirrors, cache, stopping);
    try {
      for (Published.Item one : what.files()) {
        download.fetch(one.file(), one.sha256());
      }
    } catch (IOException e) {
      throw new InvalidDataException(missing("the download failed (" + e.getMessage() + ")"));
    }
    return cache;
  }

  private String missing(String why) {
    Stream<Path> looked = Stream.concat(named.stream(), fixed());
    return what.title() + " is not there: it is not in "
        + looked.map(Path::toString).collect(Collectors.joining(", "))
        + ", and " + why
        + ". Any of these helps: --data FOLDER with a folder that holds " + what.fileNames() + " or a folder "
        + what.name() + " with " + (what.files().size() == 1 ? "it" : "them") + "; "
        + FOLDER_VARIABLE + "=FOLDER in the environment; "
        + what.system().map(it -> it.help() + "; ").orElse("")
        + "or a connection to " + mirrors.stream().map(URI::toString).collect(Collectors.joining(" or ")) + ".";
  }

  private Stream<Path> fixed() {
    return Stream.concat(what.system().map(Published.Installed::folder).stream(), Stream.of(cache));
  }

  private static Optional<String> given(@Nullable String value) {
    return Optional.ofNullable(value).map(String::strip).filter(it -> !it.isEmpty());
  }

  private static URI folder(String address) {
    return URI.create(address.endsWith("/") ? address : address + "/");
  }
}
