package io.trainyard.hub.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.trainyard.core.model.Artifact;
import io.trainyard.core.model.Question;

/** What trained models answer, as the API shows it: what the runner wrote, what was asked, and the checkpoint. For a worker. */
public final class AnswerJson {
  private AnswerJson() {}

  /**
   * Nothing of it stands in memory as a tree: a text of 100,000 tokens has an answer of some 15 MB.
   *
   * @param answer as the runner wrote it
   */
  public static Json.Writer of(Question question, byte[] answer, Artifact checkpoint) {
    return out -> {
      out.writeStartObject();
      if (question instanceof Question.Generate generate) {
        out.writeStringField("prefix", generate.prefix());
      } else if (question instanceof Question.Score score) {
        out.writeStringField("text", score.text());
      }
      try (JsonParser in = Json.FACTORY.createParser(answer)) {
        in.nextToken();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
          out.copyCurrentStructure(in);
        }
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
