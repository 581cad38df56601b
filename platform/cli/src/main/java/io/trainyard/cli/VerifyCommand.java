package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trainyard verify}. */
@Command(
    name = "verify",
    description = "Reads every byte of the store and checks every checksum.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  @Mixin private HomeOptions home = new HomeOptions();
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() {
    try (HubSession hub = HubSession.toRead(home)) {
      // A large store takes as long as its disk.
      JsonNode report = hub.client().post("/api/v1/verify", Map.of(), Duration.ofDays(1));
      PrintWriter out = Cli.out(spec);
      if (json) {
        out.println(report);
      } else {
        out.printf(
            "%,d files, %,d bytes, %,d checksums%n",
            report.path("files").asLong(), report.path("bytes").asLong(), report.path("records").asLong());
        report.path("problems").forEach(problem -> out.println("DAMAGED  " + problem.asText()));
        out.println(report.path("problems").isEmpty() ? "All is well." : report.path("problems").size() + " problems.");
      }
      return report.path("problems").isEmpty() ? ExitCode.OK : ExitCode.DAMAGED;
    }
  }
}
