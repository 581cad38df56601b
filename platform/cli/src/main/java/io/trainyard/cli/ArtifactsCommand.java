package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trainyard artifacts RUN [PATH -o FILE]}. */
@Command(
    name = "artifacts",
    description = "Lists the files that a run keeps, its checkpoints among them; with PATH, fetches one.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "A checkpoint is a .npz file: numpy.load reads it.",
      "Example: trainyard artifacts 4be1f0 checkpoints/last.npz -o last.npz"
    })
final class ArtifactsCommand implements Callable<Integer> {
  @Mixin private HomeOptions home = new HomeOptions();
  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "RUN", description = "Its id, or the first 6 digits or more of it.")
  private String run = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "PATH", description = "Which file to fetch.")
  private @Nullable String path;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to; the last name of PATH, in this folder, if left out.")
  private @Nullable Path output;

  @Option(names = "--json", description = "The list as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    try (HubSession hub = HubSession.toRead(home)) {
      String all = "/api/v1/runs/" + HubClient.encode(run) + "/artifacts";
      JsonNode answer = hub.client().get(all);
      JsonNode list = answer.path("artifacts");
      if (path == null) {
        if (output != null) {
          throw new CommandException(
              ExitCode.BAD_INPUT, "-o is where the file of one PATH goes; 'trainyard artifacts RUN' lists them");
        }
        list(Cli.out(spec), answer);
        return ExitCode.OK;
      }
      List<String> paths = new ArrayList<>();
      for (JsonNode artifact : list) {
        if (artifact.path("path").asText().equals(path)) {
          fetch(hub.client(), all + "/" + path, artifact);
          return ExitCode.OK;
        }
        paths.add(artifact.path("path").asText());
      }
      String there = paths.isEmpty() ? "it keeps no files" : "there are " + String.join(", ", paths);
      throw new CommandException(ExitCode.NOT_FOUND, "the run keeps no file \"" + path + "\"; " + there);
    }
  }

  private void list(PrintWriter out, JsonNode answer) {
    if (json) {
      out.println(answer);
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode artifact : answer.path("artifacts")) {
      rows.add(
          List.of(
              artifact.path("path").asText(),
              String.format(Locale.ROOT, "%,d", artifact.path("size").asLong()),
              artifact.path("role").isTextual() ? artifact.path("role").asText() : "-",
              artifact.path("step").asText(),
              Output.time(artifact.path("time")),
              artifact.path("sha256").asText().substring(0, 12)));
    }
    if (rows.isEmpty()) {
      Cli.err(spec).println("It keeps no files.");
    } else {
      Output.table(out, List.of("PATH", "BYTES", "CHECKPOINT", "STEP", "TIME", "SHA-256"), rows);
    }
  }

  /** What arrives is named so only when it is what was kept. */
  private void fetch(HubClient client, String from, JsonNode artifact) {
    Path target = output != null ? output : Path.of(String.valueOf(path).replaceAll(".*/", ""));
    Path folder = target.toAbsolutePath().getParent();
    Path part = folder.resolve(target.getFileName() + ".part");
    String expected = artifact.path("sha256").asText();
    try {
      String found;
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(client.stream(from), sha256)) {
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      }
      found = HexFormat.of().formatHex(sha256.digest());
      if (!found.equals(expected)) {
        throw new CommandException(
            ExitCode.DAMAGED,
            "what arrived of " + path + " has the SHA-256 " + found + ", not " + expected
                + ": it was damaged on its way, or a newer one was saved meanwhile. Fetch it again.");
      }
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
      Cli.err(spec).println("Written to " + target + " (" + Files.size(target) + " bytes, SHA-256 " + found + ")");
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED, target + " cannot be written (" + e + "); choose another FILE with -o");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    } finally {
      try {
        Files.deleteIfExists(part);
      } catch (IOException e) {
        Cli.err(spec).println("trainyard: " + part + " cannot be deleted: " + e.getMessage());
      }
    }
  }
}
