package io.trainyard.hub.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.core.run.InvalidRequest;
import io.trainyard.core.run.InvalidRequest.FieldError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a request's JSON object, and remembers all that is wrong with them, to say it at once. One thread a request.
 *
 * <p>Ask for each field that there may be, then call {@link #done}: it throws {@link InvalidRequest} for what was wrong, fields
 * that nobody asked for included. What is asked before that may be a stand-in for a bad value.
 */
public final class Fields {
  private static final int MAX_ENTRIES = 1000;
  private static final int MAX_KEY = 250;

  private final JsonNode object;
  private final Set<String> known = new LinkedHashSet<>();
  private final List<FieldError> errors = new ArrayList<>();

  private Fields(JsonNode object) {
    this.object = object;
  }

  /** @param body empty: as if it were {@code {}} */
  public static Fields of(byte[] body) {
    if (body.length == 0) {
      return new Fields(Json.TREES.createObjectNode());
    }
    JsonNode node;
    try {
      node = Json.TREES.readTree(body);
    } catch (JsonProcessingException e) {
      throw BadJson.of(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!node.isObject()) {
      throw new BadJson("The body must be a JSON object: {...}");
    }
    return new Fields(node);
  }

  /** Null when it is not given. */
  public @Nullable String text(String name, int maxLength) {
    JsonNode node = given(name);
    if (node == null) {
      return null;
    }
    if (!node.isTextual()) {
      wrong(name, "must be a text, but is " + shown(node));
      return null;
    }
    return checked(name, node.textValue(), maxLength);
  }

  /** Whether it is given; a null is not. */
  public boolean has(String name) {
    return given(name) != null;
  }

  /** A text with something in it. */
  public String required(String name, int maxLength) {
    String text = text(name, maxLength);
    if (given(name) == null) {
      wrong(name, "must be given");
    } else if (text != null && text.isBlank()) {
      wrong(name, "must not be empty");
    }
    return text == null ? "" : text;
  }

  /** A text with something in it, or null when it is not given. */
  public @Nullable String name(String name, int maxLength) {
    return given(name) == null ? null : required(name, maxLength);
  }

  /** One of these texts, or null when it is not given. */
  public @Nullable String oneOf(String name, String... choices) {
    JsonNode node = given(name);
    if (node == null || (node.isTextual() && List.of(choices).contains(node.textValue()))) {
      return node == null ? null : node.textValue();
    }
    wrong(name, "must be \"" + String.join("\" or \"", choices) + "\", but is " + shown(node));
    return null;
  }

  public boolean flag(String name) {
    JsonNode node = given(name);
    if (node != null && !node.isBoolean()) {
      wrong(name, "must be true or false, but is " + shown(node));
    }
    return node != null && node.asBoolean();
  }

  public @Nullable Long whole(String name) {
    JsonNode node = given(name);
    if (node == null) {
      return null;
    }
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      wrong(name, "must be a whole number of 64 bits, but is " + shown(node));
      return null;
    }
    return node.longValue();
  }

  public @Nullable Double real(String name) {
    JsonNode node = given(name);
    if (node == null) {
      return null;
    }
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      wrong(name, "must be a finite number, but is " + shown(node));
      return null;
    }
    return node.doubleValue();
  }

  /** An object of texts; empty when it is not given. Nulls are kept, if they are allowed. */
  public Map<String, @Nullable String> texts(String name, boolean nulls, int maxLength) {
    Map<String, @Nullable String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : entries(name)) {
      String field = name + "." + entry.getKey();
      JsonNode value = entry.getValue();
      if (value.isNull() && nulls) {
        texts.put(entry.getKey(), null);
      } else if (value.isTextual()) {
        texts.put(entry.getKey(), checked(field, value.textValue(), maxLength));
      } else {
        wrong(field, "must be a text" + (nulls ? " or null" : "") + ", but is " + shown(value));
      }
    }
    return texts;
  }

  /** Params: texts, numbers, flags, or lists of these. One that is null counts as not given, and is in {@code absent}. */
  public Map<String, Object> params(String name, Set<String> absent) {
    Map<String, Object> params = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : entries(name)) {
      if (entry.getValue().isNull()) {
        absent.add(entry.getKey());
        continue;
      }
      Object value = plain(name + "." + entry.getKey(), entry.getValue(), true);
      if (value != null) {
        params.put(entry.getKey(), value);
      }
    }
    return params;
  }

  /** Remembers what is wrong with a field. */
  public void wrong(String field, String message) {
    errors.add(new FieldError(field, message));
  }

  /** Throws what was wrong, if anything was. */
  public void done() {
    if (!errors().isEmpty()) {
      throw new InvalidRequest(errors);
    }
  }

  /** What was wrong, for who has more to say before it is thrown. Asked once, when every field has been asked for. */
  public List<FieldError> errors() {
    Iterator<String> names = object.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!known.contains(name)) {
        wrong(name, known.isEmpty() ? "is not a field here; there are none" : "is not a field here; there are " + String.join(", ", known));
      }
    }
    return errors;
  }

  private @Nullable JsonNode given(String name) {
    known.add(name);
    JsonNode node = object.get(name);
    return node == null || node.isNull() ? null : node;
  }

  private List<Map.Entry<String, JsonNode>> entries(String name) {
    JsonNode node = given(name);
    if (node == null) {
      return List.of();
    }
    if (!node.isObject()) {
      wrong(name, "must be an object, but is " + shown(node));
      return List.of();
    }
    if (node.size() > MAX_ENTRIES) {
      wrong(name, "must have at most " + MAX_ENTRIES + " entries, but has " + node.size());
      return List.of();
    }
    List<Map.Entry<String, JsonNode>> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (entry.getKey().isBlank() || entry.getKey().length() > MAX_KEY) {
        wrong(name + "." + entry.getKey(), "must have a name of 1 to " + MAX_KEY + " characters");
      } else {
        entries.add(entry);
      }
    }
    return entries;
  }

  private @Nullable Object plain(String field, JsonNode node, boolean lists) {
    if (node.isTextual()) {
      return node.textValue();
    } else if (node.isBoolean()) {
      return node.booleanValue();
    } else if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    } else if (node.isNumber() && Double.isFinite(node.doubleValue())) {
      return node.doubleValue();
    } else if (node.isNumber()) {
      wrong(field, "must be within the range of a double, but is " + shown(node));
    } else if (node.isArray() && lists) {
      List<Object> list = new ArrayList<>(node.size());
      for (int i = 0; i < node.size(); i++) {
        Object element = plain(field + "[" + i + "]", node.get(i), false);
        if (element != null) {
          list.add(element);
        }
      }
      return List.copyOf(list);
    } else {
      wrong(field, "must be a text, a number, a flag" + (lists ? " or a list of these" : "") + ", but is " + shown(node));
    }
    return null;
  }

  private String checked(String field, String text, int maxLength) {
    if (text.length() > maxLength) {
      wrong(field, "must have at most " + maxLength + " characters, but has " + text.length());
    } else if (text.indexOf('\0') >= 0) {
      wrong(field, "must not contain the character U+0000");
    }
    return text;
  }

  private static String shown(JsonNode node) {
    String text = node.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }
}
