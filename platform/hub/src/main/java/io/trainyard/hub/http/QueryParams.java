package io.trainyard.hub.http;

import io.trainyard.core.run.InvalidRequest;
import io.trainyard.core.run.InvalidRequest.FieldError;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the params of a query, and remembers all that is wrong with them, to say it at once; as
 * {@link io.trainyard.hub.json.Fields} does for bodies. One thread a request.
 */
public final class QueryParams {
  private final MultiMap given;
  private final Set<String> known = new LinkedHashSet<>();
  private final List<FieldError> errors = new ArrayList<>();

  QueryParams(MultiMap given) {
    this.given = given;
  }

  public @Nullable String text(String name, int maxLength) {
    known.add(name);
    List<String> all = given.getAll(name);
    if (all.size() > 1) {
      wrong(name, "must be given once, but was given " + all.size() + " times");
    }
    String text = all.isEmpty() || all.get(0).isEmpty() ? null : all.get(0);
    if (text != null && text.length() > maxLength) {
      wrong(name, "must have at most " + maxLength + " characters, but has " + text.length());
      return null;
    }
    return text;
  }

  public String text(String name, int maxLength, String fallback) {
    String text = text(name, maxLength);
    return text == null ? fallback : text;
  }

  /** Given as often as one likes. */
  public List<String> all(String name) {
    known.add(name);
    return given.getAll(name);
  }

  public long whole(String name, long fallback, long min, long max) {
    String text = text(name, 30);
    if (text == null) {
      return fallback;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
      wrong(name, number < min ? "must be at least " + min + ", but is " + text : "must be at most " + max + ", but is " + text);
    } catch (NumberFormatException e) {
      wrong(name, "must be a whole number, but is \"" + text + "\"");
    }
    return fallback;
  }

  public String oneOf(String name, String fallback, String... choices) {
    String text = text(name, 100, fallback);
    if (!List.of(choices).contains(text)) {
      wrong(name, "must be one of " + String.join(", ", choices) + ", but is \"" + text + "\"");
      return fallback;
    }
    return text;
  }

  public boolean flag(String name) {
    return oneOf(name, "false", "true", "false").equals("true");
  }

  public void wrong(String name, String message) {
    errors.add(new FieldError(name, message));
  }

  /** Throws what was wrong, params that nobody asked for included. */
  public void done() {
    for (String name : given.names()) {
      if (!known.contains(name)) {
        wrong(name, known.isEmpty() ? "is not a param here; there are none" : "is not a param here; there are " + String.join(", ", known));
      }
    }
    if (!errors.isEmpty()) {
      throw new InvalidRequest(errors);
    }
  }
}
