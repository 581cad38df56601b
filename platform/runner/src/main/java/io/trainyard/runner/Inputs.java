package io.trainyard.runner;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.spi.ArtifactRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Files of other runs that a run may read, which the agent found and checked. Any thread.
 *
 * @param files by the reference that a param has
 */
record Inputs(Map<ArtifactRef, Path> files) {
  /** From {@code "inputs": {"<run>/<path>": "<file>"}}, which may be absent. */
  static Inputs parse(JsonNode json) {
    Map<ArtifactRef, Path> files = new HashMap<>();
    json.path("inputs")
        .fields()
        .forEachRemaining(it -> files.put(ArtifactRef.parse(it.getKey()), Path.of(it.getValue().asText())));
    return new Inputs(Map.copyOf(files));
  }

  Path file(ArtifactRef input) throws IOException {
    Path file = files.get(input);
    if (file == null) {
      throw new IOException(input + " is not an input of this run: only what one of its params refers to can be read");
    }
    return file;
  }
}
