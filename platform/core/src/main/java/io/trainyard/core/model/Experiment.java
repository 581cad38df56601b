package io.trainyard.core.model;

import java.util.Map;

/**
 * Runs worth comparing.
 *
 * @param id a decimal string; "0" is Default and always exists
 * @param name unique among all experiments, deleted ones included
 * @param createdAt milliseconds since 1970
 */
public record Experiment(String id, String name, long createdAt, boolean deleted, Map<String, String> tags) {
  public static final String DEFAULT_ID = "0";
  public static final String DEFAULT_NAME = "Default";

  public Experiment {
    tags = Map.copyOf(tags);
  }
}
