package io.trainyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Experiments by the name that people type. */
final class Experiments {
  private Experiments() {}

  static JsonNode find(HubClient client, String nameOrId) {
    JsonNode all = client.get("/api/v1/experiments").path("experiments");
    List<String> names = new ArrayList<>();
    for (JsonNode experiment : all) {
      if (experiment.path("name").asText().equals(nameOrId)) {
        return experiment;
      }
      names.add(experiment.path("name").asText());
    }
    for (JsonNode experiment : all) {
      if (experiment.path("id").asText().equals(nameOrId)) {
        return experiment;
      }
    }
    throw new CommandException(
        ExitCode.NOT_FOUND, "there is no experiment \"" + nameOrId + "\"; there are " + String.join(", ", names));
  }

  /** Its id; it is created when there is none of that name. */
  static String findOrCreate(HubClient client, String name) {
    for (JsonNode experiment : client.get("/api/v1/experiments").path("experiments")) {
      if (experiment.path("name").asText().equals(name)) {
        return experiment.path("id").asText();
      }
    }
    return client.post("/api/v1/experiments", Map.of("name", name)).path("id").asText();
  }
}
