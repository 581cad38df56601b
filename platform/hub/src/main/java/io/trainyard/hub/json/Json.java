package io.trainyard.hub.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How this hub reads and writes JSON. Any thread may call. */
public final class Json {
  /** Deeper than this is no request of ours; a parser without a limit can be made to overflow its stack. */
  public static final int MAX_DEPTH = 64;

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          // A text may fill its body, whose size the route bounds: a picture is one.
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).maxStringLength(Integer.MAX_VALUE).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
          // Shortest digits (JDK 17's own are not), and 2.5 times as fast.
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          // Names come from strangers: interning them would fill the JVM's table for ever.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  static final ObjectMapper TREES =
      JsonMapper.builder(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private Json() {}

  /** Writes one JSON value. */
  @FunctionalInterface
  public interface Writer {
    void write(JsonGenerator out) throws IOException;
  }

  public static byte[] bytes(Writer writer) {
    ByteArrayBuilder bytes = new ByteArrayBuilder(1024);
    try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
      writer.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    byte[] result = bytes.toByteArray();
    bytes.release();
    return result;
  }

  /** A point's value: NaN and infinities have no JSON number, so they are strings. */
  static void value(JsonGenerator out, double value) throws IOException {
    if (Double.isNaN(value)) {
      out.writeString("NaN");
    } else if (Double.isInfinite(value)) {
      out.writeString(value > 0 ? "Infinity" : "-Infinity");
    } else {
      out.writeNumber(value);
    }
  }

  /** A value over finite points, NaN when there is none. */
  static void finite(JsonGenerator out, double value) throws IOException {
    if (Double.isNaN(value)) {
      out.writeNull();
    } else {
      value(out, value);
    }
  }

  static void finite(JsonGenerator out, String name, double value) throws IOException {
    out.writeFieldName(name);
    finite(out, value);
  }

  static void text(JsonGenerator out, String name, @Nullable String value) throws IOException {
    out.writeFieldName(name);
    out.writeString(value);
  }

  static void number(JsonGenerator out, String name, @Nullable Long value) throws IOException {
    out.writeFieldName(name);
    if (value == null) {
      out.writeNull();
    } else {
      out.writeNumber(value);
    }
  }

  static void texts(JsonGenerator out, String name, Map<String, String> values) throws IOException {
    out.writeObjectFieldStart(name);
    for (Map.Entry<String, String> entry : values.entrySet()) {
      out.writeStringField(entry.getKey(), entry.getValue());
    }
    out.writeEndObject();
  }

  static void texts(JsonGenerator out, String name, List<String> values) throws IOException {
    out.writeArrayFieldStart(name);
    for (String value : values) {
      out.writeString(value);
    }
    out.writeEndArray();
  }

  /** A param or a default: text, number, flag, list of these, or null. */
  static void plain(JsonGenerator out, @Nullable Object value) throws IOException {
    if (value == null) {
      out.writeNull();
    } else if (value instanceof Boolean flag) {
      out.writeBoolean(flag);
    } else if (value instanceof Double || value instanceof Float) {
      value(out, ((Number) value).doubleValue());
    } else if (value instanceof Number number) {
      out.writeNumber(number.longValue());
    } else if (value instanceof List<?> list) {
      out.writeStartArray();
      for (Object element : list) {
        plain(out, element);
      }
      out.writeEndArray();
    } else {
      out.writeString(value.toString());
    }
  }
}
