package io.trainyard.hub.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.trainyard.core.model.Artifact;
import io.trainyard.core.model.Question;
import java.io.IOException;
import java.util.Map;

/** What trained models answer, as the API shows it: what the runner wrote, what was asked, and the checkpoint. For a worker. */
public final class AnswerJson {
  private AnswerJson() {}

  /**
   * @param answer as the runner wrote it
   */
  public static Json.Writer of(Question question, byte[] answer, Artifact checkpoint) throws IOException {
    JsonNode fields = Json.TREES.readTree(answer);
    return out -> {
      out.writeStartObject();
      if (question instanceof Question.Generate generate) {
        out.writeStringField("prefix", generate.prefix());
      } else if (question instanceof Question.Score score) {
        out.writeStringField("text", score.text());
      }
      for (Map.Entry<String, JsonNode> field : fields.properties()) {
        out.writeFieldName(field.getKey());
        out.writeRawValue(field.getValue().toString());
      }
      if (question instanceof Question.Generate generate) {
        out.writeNumberField("length", generate.length());
        out.writeNumberField("temperature", generate.temperature());
        out.writeNumberField("seed", generate.seed());
      }
      out.writeFieldName("checkpoint");
      ArtifactJson.artifact(out, checkpoint);
      out.writeEndObject();
    };
  }
}
