package io.trainyard.runner;

import io.trainyard.spi.Param;
import io.trainyard.spi.TaskSpec;
import java.util.HashMap;
import java.util.Map;

/** The params of a run, read by the spec of its task; immutable. */
final class ParamValues {
  private final TaskSpec spec;
  private final Map<String, Object> values = new HashMap<>();

  /**
   * Checks every param, as the hub has done before.
   *
   * @param given as JSON has them
   * @throws IllegalArgumentException names all that are wrong
   */
  ParamValues(TaskSpec spec, Map<String, Object> given) {
    this.spec = spec;
    StringBuilder wrong = new StringBuilder();
    Map<String, Object> left = new HashMap<>(given);
    for (Param<?> param : spec.params()) {
      Object raw = left.remove(param.name());
      try {
        Object value = raw == null ? param.fallback() : param.read(raw);
        if (value == null) {
          throw new IllegalArgumentException("must be given");
        }
        values.put(param.name(), value);
      } catch (IllegalArgumentException e) {
        wrong.append(wrong.isEmpty() ? "" : "; ").append(param.name()).append(' ').append(e.getMessage());
      }
    }
    for (String unknown : left.keySet()) {
      wrong.append(wrong.isEmpty() ? "" : "; ").append(unknown).append(" is not a param of ").append(spec.id());
    }
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(wrong.toString());
    }
  }

  /** The cast is safe: the value was read by the spec's own param, which equals this one. */
  @SuppressWarnings("unchecked")
  <T> T get(Param<T> param) {
    Object value = values.get(param.name());
    if (value == null || !spec.params().contains(param)) {
      throw new IllegalArgumentException("param " + param.name() + " is not in the spec of task " + spec.id());
    }
    return (T) value;
  }
}
