package io.trainyard.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What git says of the folder that a run is launched from. Blocks for as long as git takes, 5 s a question at most. */
final class Checkout {
  /** A longer diff is cut, and says so: the commit and the fact that it was dirty are what counts then. */
  private static final int DIFF_CHARS = 200_000;

  private static final int MOST_BYTES = 4 * DIFF_CHARS;
  private static final int GIT_SECONDS = 5;

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
                boolean whole = diff.length() <= DIFF_CHARS;
                String cut = "\n[cut at " + DIFF_CHARS + " characters]";
                source.put("git_diff", whole ? diff : diff.substring(0, DIFF_CHARS) + cut);
              }
            });
    return source;
  }

  private static Optional<String> git(String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
    } catch (IOException e) {
      return Optional.empty();
    }
    try {
      byte[] out =
          CompletableFuture.supplyAsync(() -> head(process.getInputStream())).get(GIT_SECONDS, TimeUnit.SECONDS);
      if (out.length == MOST_BYTES) {
        // Nobody reads the rest, so git would wait for ever.
        return Optional.of(new String(out, StandardCharsets.UTF_8));
      }
      boolean done = process.waitFor(GIT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
      return done ? Optional.of(new String(out, StandardCharsets.UTF_8)) : Optional.empty();
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      process.destroyForcibly();
    }
  }

  private static byte[] head(InputStream in) {
    try {
      return in.readNBytes(MOST_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
