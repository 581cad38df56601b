package io.trainyard.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What git says of the folder that a run is launched from. Blocks for as long as git takes, 5 s at most. */
final class Checkout {
  /** A longer diff is cut, and says so: the commit and the fact that it was dirty are what counts then. */
  private static final int DIFF_CHARS = 200_000;

  private Checkout() {}

  /** Empty outside a checkout, or without git. */
  static Map<String, Object> here() {
    Map<String, Object> source = new LinkedHashMap<>();
    git("rev-parse", "HEAD")
        .ifPresent(
            commit -> {
              source.put("git_commit", commit.strip());
              String diff = git("diff", "HEAD").orElse("");
              source.put("git_dirty", Boolean.toString(!git("status", "--porcelain").orElse("").isBlank()));
              if (!diff.isBlank()) {
                source.put("git_diff", diff.length() <= DIFF_CHARS ? diff : diff.substring(0, DIFF_CHARS) + "\n[cut at " + DIFF_CHARS + " characters]");
              }
            });
    return source;
  }

  private static Optional<String> git(String... arguments) {
    List<String> command = new java.util.ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      byte[] out = process.getInputStream().readNBytes(4 * DIFF_CHARS);
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      return process.exitValue() == 0 ? Optional.of(new String(out, StandardCharsets.UTF_8)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
