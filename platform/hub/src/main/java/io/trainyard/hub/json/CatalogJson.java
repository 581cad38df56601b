package io.trainyard.hub.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.trainyard.core.model.Experiment;
import io.trainyard.core.model.PluginInfo;
import java.io.IOException;

/** Plugins and experiments as the API shows them. Any thread may call. */
public final class CatalogJson {
  private CatalogJson() {}

  public static void plugin(JsonGenerator out, PluginInfo plugin) throws IOException {
    out.writeStartObject();
    out.writeStringField("file", plugin.file());
    out.writeStringField("state", plugin.state().name());
    Json.text(out, "reason", plugin.reason());
    Json.text(out, "sha256", plugin.sha256());
    Json.text(out, "version", plugin.version());
    Json.number(out, "spi", plugin.spi() == null ? null : plugin.spi().longValue());
    Json.texts(out, "tasks", plugin.tasks());
    out.writeNumberField("size", plugin.size());
    out.writeEndObject();
  }

  public static void experiment(JsonGenerator out, Experiment experiment, long runs) throws IOException {
    out.writeStartObject();
    out.writeStringField("id", experiment.id());
    out.writeStringField("name", experiment.name());
    out.writeNumberField("created_at", experiment.createdAt());
    out.writeBooleanField("deleted", experiment.deleted());
    out.writeNumberField("runs", runs);
    Json.texts(out, "tags", experiment.tags());
    out.writeEndObject();
  }
}
