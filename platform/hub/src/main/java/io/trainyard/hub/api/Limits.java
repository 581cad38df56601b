package io.trainyard.hub.api;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How long texts may be: ample for people, and a bound for everybody else. */
final class Limits {
  static final int NAME = 250;
  static final int TAG = 5_000;
  static final int OPTION = 100;
  static final int NOTES = 100_000;
  static final int PATH = 4_096;
  /** A diff of a checkout that nobody committed. */
  static final int DIFF = 1_000_000;

  private Limits() {}

  static Map<String, String> withoutNulls(Map<String, @Nullable String> texts) {
    Map<String, String> result = new LinkedHashMap<>();
    texts.forEach(
        (name, text) -> {
          if (text != null) {
            result.put(name, text);
          }
        });
    return result;
  }
}
