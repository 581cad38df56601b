package io.trainyard.core.run;

import io.trainyard.core.run.InvalidRequest.FieldError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What can be said about how a run is run, as against what it computes: {@code device} is {@code auto}, {@code cpu} or
 * {@code gpu:N}; {@code checkpoint_every} is {@code 30s}, {@code 2epochs} or {@code never}. Pure.
 */
public final class RunOptions {
  public static final String DEVICE = "device";
  public static final String CHECKPOINT_EVERY = "checkpoint_every";

  /** What holds where nothing was said. */
  private static final Map<String, String> DEFAULTS = defaults();

  private static final Pattern A_DEVICE = Pattern.compile("auto|cpu|gpu:\\d{1,3}");
  private static final Pattern AN_INTERVAL = Pattern.compile("[1-9]\\d{0,8}(s|epochs)|never");

  private RunOptions() {}

  /** All options, those that were not given with their defaults. */
  public static Map<String, String> complete(Map<String, String> given) {
    Map<String, String> all = new LinkedHashMap<>(DEFAULTS);
    all.putAll(given);
    return all;
  }

  /** What is wrong with them; empty when all is well. */
  static List<FieldError> errors(Map<String, String> given) {
    List<FieldError> errors = new ArrayList<>();
    given.forEach(
        (name, value) -> {
          String field = "options." + name;
          if (!DEFAULTS.containsKey(name)) {
            errors.add(new FieldError(field, Nearest.unknown(name, DEFAULTS.keySet(), "run option")));
          } else if (name.equals(DEVICE) && !A_DEVICE.matcher(value).matches()) {
            errors.add(new FieldError(field, "must be auto, cpu or gpu:N (gpu:0, say), but is \"" + value + "\""));
          } else if (name.equals(CHECKPOINT_EVERY) && !AN_INTERVAL.matcher(value).matches()) {
            String form = "must be seconds (30s), epochs (2epochs) or never, but is \"";
            errors.add(new FieldError(field, form + value + "\""));
          }
        });
    return errors;
  }

  private static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put(DEVICE, "auto");
    defaults.put(CHECKPOINT_EVERY, "30s");
    return defaults;
  }
}
