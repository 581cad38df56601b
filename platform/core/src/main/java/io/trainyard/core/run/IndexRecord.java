package io.trainyard.core.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.trainyard.core.model.Artifact;
import io.trainyard.core.model.ExhibitEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One record of an {@link ArtifactIndex}, as JSON. Pure.
 *
 * <p>{@code data} is the last field of an exhibit's, so that whoever looks for the others can stop before it.
 */
sealed interface IndexRecord {
  JsonFactory JSON = new JsonFactory();

  int attempt();

  /** In the attempt's spool. */
  long position();

  byte[] json() throws IOException;

  /**
   * Something was shown.
   *
   * @param data JSON; empty in a record that was read: it stays in the file
   */
  record Exhibit(long position, String name, String kind, ExhibitEntry entry, byte[] data) implements IndexRecord {
    @Override
    public int attempt() {
      return entry.attempt();
    }

    @Override
    public byte[] json() throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(data.length + 200);
      try (JsonGenerator to = JSON.createGenerator(bytes)) {
        begin(to, this);
        to.writeStringField("exhibit", name);
        to.writeStringField("kind", kind);
        to.writeNumberField("step", entry.step());
        to.writeNumberField("time", entry.time());
        to.writeFieldName("data");
        to.writeRawValue("");
        to.flush();
        bytes.writeBytes(data);
        to.writeEndObject();
      }
      return bytes.toByteArray();
    }
  }

  /** A file is here, under the name of its SHA-256. */
  record Kept(long position, Artifact artifact) implements IndexRecord {
    @Override
    public int attempt() {
      return artifact.attempt();
    }

    @Override
    public byte[] json() throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(300);
      try (JsonGenerator to = JSON.createGenerator(bytes)) {
        begin(to, this);
        to.writeStringField("artifact", artifact.path());
        to.writeNumberField("size", artifact.size());
        to.writeStringField("sha256", artifact.sha256());
        to.writeNumberField("step", artifact.step());
        to.writeNumberField("time", artifact.time());
        if (artifact.role() != null) {
          to.writeStringField("role", artifact.role());
        }
        if (artifact.epoch() != null && artifact.epochDone() != null) {
          to.writeNumberField("epoch", artifact.epoch());
          to.writeNumberField("epoch_done", artifact.epochDone());
        }
        to.writeEndObject();
      }
      return bytes.toByteArray();
    }
  }

  /**
   * Something was logged that could not be kept, and never will be.
   *
   * @param why a sentence that names it
   */
  record Lost(int attempt, long position, String why) implements IndexRecord {
    @Override
    public byte[] json() throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(200);
      try (JsonGenerator to = JSON.createGenerator(bytes)) {
        begin(to, this);
        to.writeStringField("lost", why);
        to.writeEndObject();
      }
      return bytes.toByteArray();
    }
  }

  /**
   * A checkpoint that its runner replaced by a newer one before anybody had taken it.
   *
   * @param path what it was called
   */
  record Superseded(int attempt, long position, String path) implements IndexRecord {
    @Override
    public byte[] json() throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(100);
      try (JsonGenerator to = JSON.createGenerator(bytes)) {
        begin(to, this);
        to.writeStringField("superseded", path);
        to.writeEndObject();
      }
      return bytes.toByteArray();
    }
  }

  /** Of a later version, or of no interest. */
  record Other(int attempt, long position) implements IndexRecord {
    @Override
    public byte[] json() {
      throw new IllegalStateException("a record of an unknown kind cannot be written");
    }
  }

  private static void begin(JsonGenerator to, IndexRecord one) throws IOException {
    to.writeStartObject();
    to.writeNumberField("attempt", one.attempt());
    to.writeNumberField("position", one.position());
  }

  static IndexRecord parse(byte[] json) throws IOException {
    Map<String, Object> fields = new HashMap<>();
    fields(json, fields);
    int attempt = (int) number(fields, "attempt");
    long position = number(fields, "position");
    if (fields.get("exhibit") instanceof String name) {
      ExhibitEntry entry = new ExhibitEntry(number(fields, "step"), number(fields, "time"), attempt);
      return new Exhibit(position, name, text(fields, "kind"), entry, new byte[0]);
    }
    if (fields.get("artifact") instanceof String path) {
      return new Kept(
          position,
          new Artifact(
              path,
              number(fields, "size"),
              text(fields, "sha256"),
              number(fields, "step"),
              number(fields, "time"),
              attempt,
              (String) fields.get("role"),
              (Long) fields.get("epoch"),
              (Long) fields.get("epoch_done")));
    }
    if (fields.get("lost") instanceof String why) {
      return new Lost(attempt, position, why);
    }
    if (fields.get("superseded") instanceof String path) {
      return new Superseded(attempt, position, path);
    }
    return new Other(attempt, position);
  }

  /** The data of an exhibit's record. */
  static byte[] data(byte[] json) throws IOException {
    byte[] data = fields(json, new HashMap<>());
    if (data == null) {
      throw new IOException("the record shows nothing");
    }
    return data;
  }

  /**
   * The kind and the data of an exhibit as a runner wrote it, {@code {"kind","data"}}.
   *
   * @throws IOException says what is wrong with it
   */
  static Map.Entry<String, byte[]> exhibit(byte[] json) throws IOException {
    Map<String, Object> fields = new HashMap<>();
    byte[] data = fields(json, fields);
    if (data == null || !(fields.get("kind") instanceof String kind)) {
      throw new IOException("it has no kind or no data");
    }
    return Map.entry(kind, data);
  }

  /** Takes the fields that are texts and whole numbers; answers the bytes of {@code data}, where there is one. */
  static byte @Nullable [] fields(byte[] json, Map<String, Object> into) throws IOException {
    byte[] data = null;
    try (JsonParser from = JSON.createParser(json)) {
      if (from.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("it is not a JSON object");
      }
      while (from.nextToken() == JsonToken.FIELD_NAME) {
        String name = from.currentName();
        JsonToken value = from.nextToken();
        if (name.equals("data")) {
          int start = (int) from.currentTokenLocation().getByteOffset();
          if (value == JsonToken.VALUE_STRING) {
            from.getText();
          }
          from.skipChildren();
          data = Arrays.copyOfRange(json, start, (int) from.currentLocation().getByteOffset());
        } else if (value == JsonToken.VALUE_STRING) {
          into.put(name, from.getText());
        } else if (value == JsonToken.VALUE_NUMBER_INT) {
          into.put(name, from.getLongValue());
        } else {
          from.skipChildren();
        }
      }
      if (from.currentToken() != JsonToken.END_OBJECT || from.nextToken() != null) {
        throw new IOException("it is not one JSON object");
      }
    }
    return data;
  }

  private static long number(Map<String, Object> fields, String name) throws IOException {
    if (fields.get(name) instanceof Long number) {
      return number;
    }
    throw new IOException("it has no " + name);
  }

  private static String text(Map<String, Object> fields, String name) throws IOException {
    if (fields.get(name) instanceof String text) {
      return text;
    }
    throw new IOException("it has no " + name);
  }
}
