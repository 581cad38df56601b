package io.trainyard.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a run is to be run, as against what it computes: the flags of all commands that launch. */
final class RunOptionFlags {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description =
          "auto (a GPU where one can be used, else the CPU, and the run says why), cpu, or gpu:N (that one or none).")
  private @Nullable String device;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "TIME",
      description = "How often to save what it takes to resume: 30s (the default), 2epochs, never.")
  private @Nullable String checkpointEvery;

  /** Puts those that were given into a request; the hub checks them. */
  void into(Map<String, Object> body) {
    Map<String, String> options = new LinkedHashMap<>();
    if (device != null) {
      options.put("device", device);
    }
    if (checkpointEvery != null) {
      options.put("checkpoint_every", checkpointEvery);
    }
    if (!options.isEmpty()) {
      body.put("options", options);
    }
  }
}
