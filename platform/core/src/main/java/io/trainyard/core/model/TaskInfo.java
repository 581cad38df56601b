package io.trainyard.core.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task that a loaded plugin offers.
 *
 * @param unavailable why it cannot be launched here, with the way out; null when it can
 * @param ref what a run of it would be pinned to
 */
public record TaskInfo(
    String id,
    String title,
    String description,
    @Nullable String unavailable,
    TaskRef ref,
    List<ParamSpec> params,
    List<MetricInfo> metrics) {

  /** A metric that the task is known to log; {@code goal} is MINIMIZE, MAXIMIZE or NONE. */
  public record MetricInfo(String name, String goal) {}
}
