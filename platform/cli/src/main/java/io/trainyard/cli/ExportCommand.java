package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trainyard export RUN}. */
@Command(
    name = "export",
    description = "Writes every point of a run as CSV or JSON Lines.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  enum Format {
    csv,
    jsonl
  }

  @Mixin private HomeOptions home = new HomeOptions();
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Its id, or the first 6 digits or more of it.")
  private String run = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "csv",
      description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private Format format = Format.csv;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to; standard output if left out.")
  private @Nullable Path output;

  @Override
  public Integer call() throws IOException {
    try (HubSession hub = HubSession.toRead(home)) {
      JsonNode whole = hub.client().get("/api/v1/runs/" + HubClient.encode(run));
      String path = "/api/v1/runs/" + whole.path("id").asText() + "/export?format=" + format;
      try (InputStream in = hub.client().stream(path);
          OutputStream out = output == null ? System.out : open(output)) {
        in.transferTo(out);
        out.flush();
      } catch (IOException e) {
        String where = output == null ? "" : "; " + output + " is not whole";
        throw new CommandException(ExitCode.FAILED, "the export broke off: " + e.getMessage() + where);
      }
      if (output != null) {
        Cli.err(spec).println("Written to " + output + " (" + Files.size(output) + " bytes)");
      }
      return ExitCode.OK;
    }
  }

  private static OutputStream open(Path file) {
    try {
      return Files.newOutputStream(file);
    } catch (IOException e) {
      throw new CommandException(ExitCode.BAD_INPUT, file + " cannot be written (" + e + "); choose another FILE");
    }
  }
}
