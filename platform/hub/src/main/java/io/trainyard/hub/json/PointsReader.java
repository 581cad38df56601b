package io.trainyard.hub.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.trainyard.core.model.MetricBatch.Column;
import io.trainyard.core.run.InvalidRequest;
import io.trainyard.core.run.InvalidRequest.FieldError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads points that a client logs: {@code {"series":[{"name","steps":[],"times":[]?,"values":[]}]}}. One thread a request.
 *
 * <p>Streaming, into arrays: a tree of nodes would cost ten times the memory and most of the rate (FACTS: 2 M points/s in columns).
 * What is wrong is collected over the whole body, but only the first few elements of an array are named.
 */
public final class PointsReader {
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_\\-./: ]{1,250}");
  private static final int MAX_SERIES = 10_000;
  private static final int MAX_ERRORS = 100;
  private static final int NAMED_ELEMENTS = 5;

  private final JsonParser in;
  private final long now;
  private final List<FieldError> errors = new ArrayList<>();
  private final List<Column> columns = new ArrayList<>();

  private PointsReader(JsonParser in, long now) {
    this.in = in;
    this.now = now;
  }

  /**
   * The columns of a body.
   *
   * @param now the time of points that have none
   * @throws BadJson if it is no JSON
   * @throws InvalidRequest naming all that is wrong
   */
  public static List<Column> read(byte[] body, long now) {
    try (JsonParser in = Json.FACTORY.createParser(body)) {
      PointsReader reader = new PointsReader(in, now);
      reader.body();
      if (!reader.errors.isEmpty()) {
        throw new InvalidRequest(reader.errors);
      }
      return reader.columns;
    } catch (JsonProcessingException e) {
      throw BadJson.of(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void body() throws IOException {
    if (in.nextToken() != JsonToken.START_OBJECT) {
      throw new BadJson("The body must be a JSON object: {\"series\": [...]}");
    }
    boolean given = false;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      JsonToken value = in.nextToken();
      if (!field.equals("series")) {
        wrong(field, "is not a field here; there are series");
        in.skipChildren();
      } else if (value != JsonToken.START_ARRAY) {
        given = true;
        wrong(field, "must be an array of series");
        in.skipChildren();
      } else {
        given = true;
        for (int i = 0; in.nextToken() != JsonToken.END_ARRAY; i++) {
          series("series[" + i + "]", i);
        }
      }
    }
    if (in.nextToken() != null) {
      throw new BadJson("The body has something after its JSON object.");
    }
    if (!given) {
      wrong("series", "must be given");
    }
  }

  private void series(String path, int index) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      wrong(path, "must be an object: {\"name\", \"steps\", \"values\"}");
      in.skipChildren();
      return;
    }
    if (index == MAX_SERIES) {
      wrong("series", "must have at most " + MAX_SERIES + " elements");
    }
    String name = null;
    long[] steps = null;
    long[] times = null;
    double[] values = null;
    int wrongBefore = errors.size();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      in.nextToken();
      switch (field) {
        case "name" -> name = name(path + ".name");
        case "steps" -> steps = longs(path + ".steps");
        case "times" -> times = in.currentToken() == JsonToken.VALUE_NULL ? null : longs(path + ".times");
        case "values" -> values = doubles(path + ".values");
        default -> {
          wrong(path + "." + field, "is not a field here; there are name, steps, times, values");
          in.skipChildren();
        }
      }
    }
    missing(path + ".name", name, wrongBefore);
    missing(path + ".steps", steps, wrongBefore);
    missing(path + ".values", values, wrongBefore);
    if (errors.size() > wrongBefore || name == null || steps == null || values == null) {
      return;
    }
    if (values.length != steps.length) {
      wrong(path + ".values", "must have as many elements as steps (" + steps.length + "), but has " + values.length);
    } else if (times != null && times.length != steps.length) {
      wrong(path + ".times", "must have as many elements as steps (" + steps.length + "), but has " + times.length);
    } else if (steps.length > 0) {
      if (times == null) {
        times = new long[steps.length];
        Arrays.fill(times, now);
      }
      columns.add(new Column(name, steps, times, values));
    }
  }

  private void missing(String field, @Nullable Object value, int wrongBefore) {
    if (value == null && errors.stream().skip(wrongBefore).noneMatch(error -> error.field().startsWith(field))) {
      wrong(field, "must be given");
    }
  }

  private @Nullable String name(String path) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_STRING && NAME.matcher(in.getText()).matches()) {
      return in.getText();
    }
    wrong(path, "must be 1 to 250 letters, digits, spaces or any of _ - . / :");
    in.skipChildren();
    return null;
  }

  private long @Nullable [] longs(String path) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      wrong(path, "must be an array of whole numbers");
      in.skipChildren();
      return null;
    }
    long[] numbers = new long[256];
    int count = 0;
    int bad = 0;
    for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, count * 2);
      }
      if (token == JsonToken.VALUE_NUMBER_INT && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
        numbers[count] = in.getLongValue();
      } else {
        element(path, count, bad++, "must be a whole number of 64 bits");
      }
      count++;
    }
    return Arrays.copyOf(numbers, count);
  }

  private double @Nullable [] doubles(String path) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      wrong(path, "must be an array of numbers");
      in.skipChildren();
      return null;
    }
    double[] numbers = new double[256];
    int count = 0;
    int bad = 0;
    for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, count * 2);
      }
      double number = 0;
      if (token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT) {
        number = in.getDoubleValue();
        if (Double.isInfinite(number)) {
          // 1e999 is a number in JSON; to keep it as infinity would be a wrong value.
          element(path, count, bad++, "must be within the range of a double");
        }
      } else if (token == JsonToken.VALUE_STRING && nonFinite(in.getText()) != 0) {
        number = nonFinite(in.getText());
      } else {
        element(path, count, bad++, "must be a number, \"NaN\", \"Infinity\" or \"-Infinity\"");
      }
      numbers[count++] = number;
    }
    return Arrays.copyOf(numbers, count);
  }

  /** Zero if it is none of them. */
  private static double nonFinite(String text) {
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> 0;
    };
  }

  private void element(String path, int index, int bad, String message) throws IOException {
    if (bad < NAMED_ELEMENTS) {
      wrong(path + "[" + index + "]", message);
    }
    in.skipChildren();
  }

  private void wrong(String field, String message) {
    if (errors.size() < MAX_ERRORS) {
      errors.add(new FieldError(field, message));
    }
  }
}
