package io.trainyard.spi;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns values as JSON has them into a param's type, or says in a few words why not; for any thread. */
final class Reading {
  private Reading() {}

  /** The cast is safe: each branch makes what its kind of param is declared with. */
  @SuppressWarnings("unchecked")
  static <T> T read(Param<T> param, Object value) {
    Object read;
    if (param instanceof Param.Int it) {
      read = whole(it, value);
    } else if (param instanceof Param.Real it) {
      read = real(it, value);
    } else if (param instanceof Param.Flag) {
      read = check(value instanceof Boolean, "must be true or false", value);
    } else if (param instanceof Param.Choice it) {
      boolean known = value instanceof String && it.choices().contains(value);
      read = check(known, "must be one of " + String.join(", ", it.choices()), value);
    } else if (param instanceof Param.Text it) {
      read = text(it, value);
    } else if (param instanceof Param.Artifact) {
      read = value instanceof ArtifactRef ? value : artifact(value);
    } else if (param instanceof Param.Many<?> it) {
      read = many(it, value);
    } else {
      Param<?> inner = ((Param.Maybe<?>) param).of();
      read = Optional.of(read(inner, value instanceof Optional<?> it && it.isPresent() ? it.get() : value));
    }
    return (T) read;
  }

  private static Long whole(Param.Int param, Object value) {
    long number;
    try {
      number = decimal(value).longValueExact();
    } catch (ArithmeticException | NumberFormatException notWhole) {
      throw fail("must be a whole number", value);
    }
    if (number < param.min() || number > param.max()) {
      boolean low = param.min() != Long.MIN_VALUE;
      boolean high = param.max() != Long.MAX_VALUE;
      String rule = low && high ? "from " + param.min() + " to " + param.max()
          : low ? "at least " + param.min() : "at most " + param.max();
      throw fail("must be " + rule, value);
    }
    return number;
  }

  private static Double real(Param.Real param, Object value) {
    double number;
    try {
      number = decimal(value).doubleValue();
    } catch (NumberFormatException notANumber) {
      throw fail("must be a finite number", value);
    }
    if (Double.isInfinite(number)) {
      throw fail("must be a finite number", value);
    }
    if (param.minExclusive() ? number <= param.min() : number < param.min()) {
      throw fail("must be " + (param.minExclusive() ? "greater than " : "at least ") + plain(param.min()), value);
    }
    if (number > param.max()) {
      throw fail("must be at most " + plain(param.max()), value);
    }
    return number;
  }

  private static String text(Param.Text param, Object value) {
    if (!(value instanceof String text)) {
      throw fail("must be text", value);
    }
    if (text.length() > param.maxLength()) {
      throw new IllegalArgumentException(
          "must have at most " + param.maxLength() + " characters, but has " + text.length());
    }
    return text;
  }

  private static ArtifactRef artifact(Object value) {
    if (!(value instanceof String text)) {
      throw fail("must be the id of a run, a slash and the path of its artifact", value);
    }
    return ArtifactRef.parse(text);
  }

  private static List<Object> many(Param.Many<?> param, Object value) {
    if (!(value instanceof List<?> values)) {
      throw fail("must be a list", value);
    }
    if (values.size() < param.minSize() || values.size() > param.maxSize()) {
      throw new IllegalArgumentException(
          "must have " + param.minSize() + " to " + param.maxSize() + " values, but has " + values.size());
    }
    List<Object> read = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      try {
        read.add(read(param.element(), values.get(i)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("value " + (i + 1) + " " + e.getMessage(), e);
      }
    }
    return List.copyOf(read);
  }

  private static BigDecimal decimal(Object value) {
    if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return BigDecimal.valueOf(((Number) value).longValue());
    }
    if (value instanceof BigInteger it) {
      return new BigDecimal(it);
    }
    if (value instanceof BigDecimal it) {
      return it;
    }
    if (value instanceof Float || value instanceof Double) {
      // By its decimal digits, so that 0.1f is 0.1.
      return new BigDecimal(value.toString());
    }
    throw new NumberFormatException("not a number");
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound) && Math.abs(bound) < 1e15 ? Long.toString((long) bound) : Double.toString(bound);
  }

  private static Object check(boolean holds, String rule, Object value) {
    if (!holds) {
      throw fail(rule, value);
    }
    return value;
  }

  private static IllegalArgumentException fail(String rule, Object value) {
    String shown = String.valueOf(value);
    return new IllegalArgumentException(
        rule + ", but is " + (shown.length() > 100 ? shown.substring(0, 100) + "..." : shown));
  }
}
