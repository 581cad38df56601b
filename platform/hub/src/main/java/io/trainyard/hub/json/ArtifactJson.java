package io.trainyard.hub.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.trainyard.core.model.Artifact;
import io.trainyard.core.model.ExhibitEntry;
import io.trainyard.core.model.ExhibitInfo;
import io.trainyard.core.run.ArtifactKeeper.Shown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What runs have shown and kept, as the API shows it. Any thread may call; an exhibit's data belongs on a worker. */
public final class ArtifactJson {
  private ArtifactJson() {}

  public static void artifact(JsonGenerator out, Artifact artifact) throws IOException {
    out.writeStartObject();
    out.writeStringField("path", artifact.path());
    out.writeNumberField("size", artifact.size());
    out.writeStringField("sha256", artifact.sha256());
    out.writeNumberField("step", artifact.step());
    out.writeNumberField("time", artifact.time());
    out.writeNumberField("attempt", artifact.attempt());
    Json.text(out, "role", artifact.role());
    Json.number(out, "epoch", artifact.epoch());
    Json.number(out, "epoch_done", artifact.epochDone());
    out.writeEndObject();
  }

  public static void exhibit(JsonGenerator out, ExhibitInfo exhibit) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", exhibit.name());
    out.writeStringField("kind", exhibit.kind());
    out.writeArrayFieldStart("entries");
    for (ExhibitEntry entry : exhibit.entries()) {
      out.writeStartObject();
      entry(out, entry);
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  /** With its data, which is the JSON that the runner wrote. */
  public static void shown(JsonGenerator out, Shown shown) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", shown.name());
    out.writeStringField("kind", shown.kind());
    entry(out, shown.entry());
    out.writeFieldName("data");
    out.writeRawValue(new String(shown.data(), StandardCharsets.UTF_8));
    out.writeEndObject();
  }

  private static void entry(JsonGenerator out, ExhibitEntry entry) throws IOException {
    out.writeNumberField("step", entry.step());
    out.writeNumberField("time", entry.time());
    out.writeNumberField("attempt", entry.attempt());
  }
}
