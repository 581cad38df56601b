package io.trainyard.hub.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.trainyard.core.model.SeriesData;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Points as a file for other programs: CSV or JSON Lines. One thread each. */
public abstract sealed class PointsWriter implements AutoCloseable {
  private static final int BUFFER = 64 << 10;

  public abstract void points(int attempt, SeriesData.Raw points) throws IOException;

  /** All points have been given. */
  public abstract void finish() throws IOException;

  @Override
  public abstract void close() throws IOException;

  public static PointsWriter csv(OutputStream out) throws IOException {
    return new Csv(new BufferedOutputStream(out, BUFFER));
  }

  public static PointsWriter jsonLines(OutputStream out) throws IOException {
    return new JsonLines(new BufferedOutputStream(out, BUFFER));
  }

  private static final class Csv extends PointsWriter {
    private final OutputStream out;

    Csv(OutputStream out) throws IOException {
      this.out = out;
      write("attempt,name,step,time,value\n");
    }

    @Override
    public void points(int attempt, SeriesData.Raw points) throws IOException {
      String name = points.name();
      boolean plain = name.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
      String front = attempt + "," + (plain ? name : "\"" + name.replace("\"", "\"\"") + "\"") + ",";
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < points.steps().length; i++) {
        line.setLength(0);
        line.append(front).append(points.steps()[i]).append(',').append(points.times()[i]);
        write(line.append(',').append(points.values()[i]).append('\n').toString());
      }
    }

    private void write(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void finish() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  private static final class JsonLines extends PointsWriter {
    private final JsonGenerator out;

    JsonLines(OutputStream out) throws IOException {
      this.out = Json.FACTORY.createGenerator(out);
      this.out.setRootValueSeparator(null);
    }

    @Override
    public void points(int attempt, SeriesData.Raw points) throws IOException {
      for (int i = 0; i < points.steps().length; i++) {
        out.writeStartObject();
        out.writeNumberField("attempt", attempt);
        out.writeStringField("name", points.name());
        out.writeNumberField("step", points.steps()[i]);
        out.writeNumberField("time", points.times()[i]);
        out.writeFieldName("value");
        Json.value(out, points.values()[i]);
        out.writeEndObject();
        out.writeRaw('\n');
      }
    }

    @Override
    public void finish() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
