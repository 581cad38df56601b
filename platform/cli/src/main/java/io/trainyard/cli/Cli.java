package io.trainyard.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Where a command prints. */
final class Cli {
  private Cli() {}

  static PrintWriter out(@Nullable CommandSpec spec) {
    return line(spec).getOut();
  }

  static PrintWriter err(@Nullable CommandSpec spec) {
    return line(spec).getErr();
  }

  private static picocli.CommandLine line(@Nullable CommandSpec spec) {
    if (spec == null) {
      throw new IllegalStateException("picocli sets the spec before it calls a command");
    }
    return spec.commandLine();
  }
}
