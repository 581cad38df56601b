package io.trainyard.toolkit;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A data set that somebody has published: its files with their checksums, and where they can be had; a constant.
 *
 * @param title for people
 * @param name of its folder
 * @param size of the download, for people
 * @param system where a package of the system puts it
 * @param hosts folders; a file's name, or its address below them, is appended
 */
public record Published(
    String title, String name, String size, List<Item> files, Optional<Installed> system, List<URI> hosts) {
  public Published {
    files = List.copyOf(files);
    hosts = List.copyOf(hosts);
  }

  /** Whether a folder has all files. */
  boolean in(Path folder) {
    return files.stream().allMatch(it -> Files.isRegularFile(it.in(folder)));
  }

  String fileNames() {
    return files.stream().map(Item::file).collect(Collectors.joining(", "));
  }

  /**
   * One of its files.
   *
   * @param file its name
   * @param sha256 of what is in it, unpacked
   */
  public record Item(String file, String sha256) {
    /** Where it is in a folder, packed or unpacked. */
    public Path in(Path folder) {
      Path packed = folder.resolve(file);
      Path unpacked = folder.resolve(file.replaceFirst("\\.gz$", ""));
      return !Files.isRegularFile(packed) && Files.isRegularFile(unpacked) ? unpacked : packed;
    }
  }

  /** What a package of the system fills. */
  public record Installed(Path folder, String help) {}
}
