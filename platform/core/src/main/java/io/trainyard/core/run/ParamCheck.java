package io.trainyard.core.run;

import io.trainyard.core.model.ParamSpec;
import io.trainyard.core.run.InvalidRequest.FieldError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns given params into typed ones, or names everything that is wrong with them. Pure; any thread.
 *
 * <p>A value may come as JSON (a number, a list) or as text, as a flag of the command line or an MLflow client sends
 * it: {@code "0.03"} is a number where a number is asked for, {@code "2,-3.4"} a list where a list is.
 */
public final class ParamCheck {
  /** Between this and its negative every whole number is a double. */
  private static final double EXACT_INTEGERS = 1L << 53;

  /** An id of a run or its first digits, a slash, a path. */
  static final Pattern ARTIFACT = Pattern.compile("([0-9a-f]{6,32})/(\\S+)");

  private final List<FieldError> errors = new ArrayList<>();

  private ParamCheck() {}

  /**
   * All params in the order of the specs, defaults filled in. An absent optional one is left out.
   *
   * @throws InvalidRequest with every bad field, as {@code params.NAME}
   */
  public static Map<String, Object> check(List<ParamSpec> specs, Map<String, Object> given) {
    ParamCheck check = new ParamCheck();
    Map<String, Object> byName = new LinkedHashMap<>();
    given.forEach(
        (name, value) -> {
          if (byName.putIfAbsent(name.replace('-', '_'), value) != null) {
            check.error(name, "is given twice");
          }
        });
    Map<String, Object> checked = new LinkedHashMap<>();
    for (ParamSpec spec : specs) {
      boolean present = byName.containsKey(spec.name());
      Object value = byName.remove(spec.name());
      Object typed = present && value != null ? check.typed(spec, spec.name(), value) : check.absent(spec);
      if (typed != null) {
        checked.put(spec.name(), typed);
      }
    }
    List<String> known = specs.stream().map(ParamSpec::name).toList();
    for (String unknown : byName.keySet()) {
      check.error(unknown, Nearest.unknown(unknown, known, "param"));
    }
    if (!check.errors.isEmpty()) {
      throw new InvalidRequest(check.errors);
    }
    return checked;
  }

  private @Nullable Object absent(ParamSpec spec) {
    if (spec.fallback() == null && !spec.type().equals("optional")) {
      error(spec.name(), "must be given: " + spec.help());
    }
    return spec.fallback();
  }

  private @Nullable Object typed(ParamSpec spec, String field, Object value) {
    return switch (spec.type()) {
      case "int" -> integer(spec, field, value);
      case "real" -> real(spec, field, value);
      case "flag" -> flag(field, value);
      case "choice" -> choice(spec, field, value);
      case "text" -> text(spec, field, value);
      case "artifact" -> artifact(field, value);
      case "list" -> list(spec, field, value);
      case "optional" -> value.equals("none") || value.equals("") ? null : typed(element(spec), field, value);
      default -> throw new IllegalStateException("param " + spec.name() + " has the unknown type " + spec.type());
    };
  }

  private @Nullable Object integer(ParamSpec spec, String field, Object value) {
    Long number = null;
    if (value instanceof Long || value instanceof Integer) {
      number = ((Number) value).longValue();
    } else if (value instanceof Double real && real == Math.rint(real) && Math.abs(real) <= EXACT_INTEGERS) {
      number = real.longValue();
    } else if (value instanceof String text) {
      try {
        number = Long.valueOf(text.strip());
      } catch (NumberFormatException e) {
        number = null;
      }
    }
    if (number == null) {
      return error(field, "must be a whole number, but is " + shown(value));
    }
    if (spec.min() != null && number < spec.min().longValue()) {
      return error(field, "must be at least " + spec.min() + ", but is " + number);
    }
    if (spec.max() != null && number > spec.max().longValue()) {
      return error(field, "must be at most " + spec.max() + ", but is " + number);
    }
    return number;
  }

  private @Nullable Object real(ParamSpec spec, String field, Object value) {
    Double number = null;
    if (value instanceof Number given) {
      number = given.doubleValue();
    } else if (value instanceof String text) {
      try {
        number = Double.valueOf(text.strip());
      } catch (NumberFormatException e) {
        number = null;
      }
    }
    if (number == null || !Double.isFinite(number)) {
      return error(field, "must be a finite number, but is " + shown(value));
    }
    if (spec.min() != null) {
      double min = spec.min().doubleValue();
      if (spec.minExclusive() ? number <= min : number < min) {
        String bound = spec.minExclusive() ? "must be greater than " : "must be at least ";
        return error(field, bound + plain(min) + ", but is " + plain(number));
      }
    }
    if (spec.max() != null && number > spec.max().doubleValue()) {
      return error(field, "must be at most " + plain(spec.max().doubleValue()) + ", but is " + plain(number));
    }
    return number;
  }

  private @Nullable Object flag(String field, Object value) {
    if (value instanceof Boolean) {
      return value;
    }
    if ("true".equals(value)) {
      return true;
    }
    if ("false".equals(value)) {
      return false;
    }
    return error(field, "must be true or false, but is " + shown(value));
  }

  private @Nullable Object choice(ParamSpec spec, String field, Object value) {
    if (value instanceof String && spec.choices().contains(value)) {
      return value;
    }
    return error(field, "must be one of " + String.join(", ", spec.choices()) + ", but is " + shown(value));
  }

  private @Nullable Object text(ParamSpec spec, String field, Object value) {
    if (!(value instanceof String text)) {
      return error(field, "must be a text, but is " + shown(value));
    }
    if (text.length() > spec.maxLength()) {
      return error(field, "must have at most " + spec.maxLength() + " characters, but has " + text.length());
    }
    return text;
  }

  /** Only how it is written; whether it is there, {@link InputPins} knows. */
  private @Nullable Object artifact(String field, Object value) {
    if (value instanceof String text && ARTIFACT.matcher(text.strip()).matches()) {
      return text.strip();
    }
    return error(
        field,
        "must be the id of a run (or 6 digits of it or more), a slash and the path of an artifact, 3f2a9c/vocab.json say, but is "
            + shown(value));
  }

  private @Nullable Object list(ParamSpec spec, String field, Object value) {
    List<?> given;
    if (value instanceof List<?> list) {
      given = list;
    } else if (value instanceof String text) {
      String inner = text.strip();
      if (inner.startsWith("[") && inner.endsWith("]")) {
        inner = inner.substring(1, inner.length() - 1);
      }
      given = inner.isBlank() ? List.of() : List.of(inner.split("\\s*,\\s*", -1));
    } else {
      given = List.of(value);
    }
    if (given.size() < spec.minSize() || given.size() > spec.maxSize()) {
      return error(
          field, "must have " + spec.minSize() + " to " + spec.maxSize() + " elements, but has " + given.size());
    }
    int before = errors.size();
    List<Object> typed = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      Object element = given.get(i);
      String path = field + "[" + i + "]";
      Object one = element == null ? error(path, "must not be null") : typed(element(spec), path, element);
      if (one != null) {
        typed.add(one);
      }
    }
    return errors.size() == before ? List.copyOf(typed) : null;
  }

  private static ParamSpec element(ParamSpec spec) {
    if (spec.element() == null) {
      throw new IllegalStateException("param " + spec.name() + " of type " + spec.type() + " has no element");
    }
    return spec.element();
  }

  private @Nullable Object error(String field, String message) {
    errors.add(new FieldError("params." + field, message));
    return null;
  }

  private static String plain(double number) {
    boolean whole = number == Math.rint(number) && Math.abs(number) < 1e15;
    return whole ? Long.toString((long) number) : Double.toString(number);
  }

  private static String shown(Object value) {
    String text = value instanceof String ? "\"" + value + "\"" : value.toString();
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }
}
