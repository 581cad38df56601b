package io.trainyard.spi;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a task is called, takes and measures: it gives the form, the flags of the command line, the checks and the help.
 *
 * @param id what people type: lower-case letters, digits and hyphens
 * @param title what the dashboard shows
 * @param description a sentence or two for somebody who does not know the task
 * @param params what it takes, in the order of the form
 * @param metrics what it is known to log; others may be logged too
 * @param best judges the checkpoints: the best of them is kept; null to keep the last alone
 * @param bands what others have reached
 */
public record TaskSpec(
    String id,
    String title,
    String description,
    List<Param<?>> params,
    List<Metric> metrics,
    @Nullable Metric best,
    List<Band> bands) {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,62}");

  public TaskSpec {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "task id \"" + id + "\" must start with a lower-case letter and have at most 63 of a-z 0-9 -");
    }
    if (title.isBlank()) {
      throw new IllegalArgumentException("task " + id + " has no title");
    }
    params = List.copyOf(params);
    metrics = List.copyOf(metrics);
    bands = List.copyOf(bands);
    if (best != null && best.goal() == Goal.NONE) {
      throw new IllegalArgumentException("task " + id + " judges by " + best.name() + ", which has no goal");
    }
    Set<String> names = new HashSet<>();
    for (Param<?> param : params) {
      if (!names.add(param.name())) {
        throw new IllegalArgumentException("task " + id + " has two params named " + param.name());
      }
    }
  }

  public static TaskSpec of(String id, String title) {
    return new TaskSpec(id, title, "", List.of(), List.of(), null, List.of());
  }

  public TaskSpec description(String text) {
    return new TaskSpec(id, title, text, params, metrics, best, bands);
  }

  public TaskSpec params(Param<?>... params) {
    return new TaskSpec(id, title, description, List.of(params), metrics, best, bands);
  }

  public TaskSpec metrics(Metric... metrics) {
    return new TaskSpec(id, title, description, params, List.of(metrics), best, bands);
  }

  /** Judges checkpoints by the latest value of this metric after each epoch. */
  public TaskSpec best(Metric metric) {
    return new TaskSpec(id, title, description, params, metrics, metric, bands);
  }

  public TaskSpec bands(Band... bands) {
    return new TaskSpec(id, title, description, params, metrics, best, List.of(bands));
  }
}
