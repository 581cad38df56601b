package io.trainyard.runner;

import com.fasterxml.jackson.core.JsonGenerator;
import io.trainyard.spi.Exhibit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Writes an exhibit as the API has it, {@code {"kind","data"}}; pure, any thread. Values that are not finite become the
 * texts "NaN", "Infinity" and "-Infinity"; bytes become base64.
 */
final class ExhibitJson {
  private ExhibitJson() {}

  /**
   * @param max bytes
   * @throws TooLarge if it takes more; it is not written to its end then
   */
  static byte[] write(Exhibit exhibit, int max) throws IOException {
    Bounded bytes = new Bounded(max);
    try (JsonGenerator json = Json.MAPPER.getFactory().createGenerator(bytes)) {
      // What is half written when it becomes too large is not to be completed, brace by brace, in the closing.
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
      json.writeStartObject();
      json.writeStringField("kind", kind(exhibit));
      json.writeFieldName("data");
      json.writeStartObject();
      data(json, exhibit);
      json.writeEndObject();
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static String kind(Exhibit exhibit) {
    if (exhibit instanceof Exhibit.Text) {
      return "text";
    } else if (exhibit instanceof Exhibit.Histogram) {
      return "histogram";
    } else if (exhibit instanceof Exhibit.Curves) {
      return "curves";
    } else if (exhibit instanceof Exhibit.Matrix) {
      return "matrix";
    }
    return exhibit instanceof Exhibit.Table ? "table" : "images";
  }

  private static void data(JsonGenerator json, Exhibit exhibit) throws IOException {
    if (exhibit instanceof Exhibit.Text it) {
      json.writeStringField("text", it.text());
    } else if (exhibit instanceof Exhibit.Histogram it) {
      numbers(json, "edges", it.edges());
      json.writeFieldName("counts");
      json.writeArray(it.counts(), 0, it.counts().length);
      json.writeNumberField("not_finite", it.notFinite());
    } else if (exhibit instanceof Exhibit.Curves it) {
      json.writeStringField("x_label", it.xLabel());
      json.writeStringField("y_label", it.yLabel());
      numbers(json, "x", it.x());
      json.writeArrayFieldStart("curves");
      for (Exhibit.Curve curve : it.curves()) {
        json.writeStartObject();
        json.writeStringField("name", curve.name());
        numbers(json, "y", curve.y());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeBooleanField("log_x", it.logX());
      json.writeBooleanField("log_y", it.logY());
    } else if (exhibit instanceof Exhibit.Matrix it) {
      json.writeStringField("row_label", it.rowLabel());
      texts(json, "rows", it.rows());
      json.writeStringField("column_label", it.columnLabel());
      texts(json, "columns", it.columns());
      json.writeArrayFieldStart("counts");
      for (long[] row : it.counts()) {
        json.writeArray(row, 0, row.length);
      }
      json.writeEndArray();
    } else if (exhibit instanceof Exhibit.Table it) {
      texts(json, "columns", it.columns());
      json.writeArrayFieldStart("rows");
      for (List<String> row : it.rows()) {
        texts(json, row);
      }
      json.writeEndArray();
    } else if (exhibit instanceof Exhibit.Images it) {
      json.writeArrayFieldStart("pictures");
      for (Exhibit.Picture picture : it.pictures()) {
        picture(json, picture);
      }
      json.writeEndArray();
    }
  }

  static void picture(JsonGenerator json, Exhibit.Picture picture) throws IOException {
    json.writeStartObject();
    json.writeNumberField("width", picture.width());
    json.writeNumberField("height", picture.height());
    json.writeNumberField("channels", picture.channels());
    json.writeBinaryField("pixels", picture.pixels());
    json.writeStringField("caption", picture.caption());
    json.writeEndObject();
  }

  private static void numbers(JsonGenerator json, String field, double[] values) throws IOException {
    json.writeFieldName(field);
    json.writeArray(values, 0, values.length);
  }

  private static void texts(JsonGenerator json, String field, List<String> values) throws IOException {
    json.writeFieldName(field);
    texts(json, values);
  }

  private static void texts(JsonGenerator json, List<String> values) throws IOException {
    json.writeStartArray();
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  /** An exhibit is larger than it may be. */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    TooLarge(int max) {
      super("it takes more than " + max + " bytes");
    }
  }

  /** A mistake of a plugin, a table of a million rows say, is not to fill the memory first. */
  private static final class Bounded extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    private final int max;

    Bounded(int max) {
      this.max = max;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] more, int offset, int length) throws IOException {
      if (bytes.size() + length > max) {
        throw new TooLarge(max);
      }
      bytes.write(more, offset, length);
    }

    byte[] toByteArray() {
      return bytes.toByteArray();
    }
  }
}
