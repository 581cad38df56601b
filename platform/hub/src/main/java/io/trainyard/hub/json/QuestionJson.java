package io.trainyard.hub.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.trainyard.core.model.Artifact;
import io.trainyard.core.model.Question;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Questions to trained models, as requests have them. Each method throws {@link io.trainyard.core.run.InvalidRequest}
 * for all that is wrong. Any thread may call.
 *
 * @param checkpoint {@code best} or {@code last}; null when it was left out
 */
public record QuestionJson(Question question, @Nullable String checkpoint) {
  private static final int MOST_CHARACTERS = 100_000;
  private static final long MOST_TOKENS = 10_000;
  private static final double HIGHEST_TEMPERATURE = 100;

  private static final long DEFAULT_TOKENS = 200;
  private static final double DEFAULT_TEMPERATURE = 1;

  /** For a worker: the pictures may be large. */
  public static QuestionJson predict(byte[] body) {
    try (JsonParser in = Json.FACTORY.createParser(body)) {
      return new PicturesReader(in).read();
    } catch (JsonProcessingException e) {
      throw BadJson.of(e);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
  }

  /**
   * How a text goes on.
   *
   * @param random the seed, where none is given
   */
  public static QuestionJson generate(Fields fields, long random) {
    String prefix = fields.text("prefix", MOST_CHARACTERS);
    Long length = fields.whole("length");
    if (length != null && (length < 1 || length > MOST_TOKENS)) {
      fields.wrong("length", "must be from 1 to " + MOST_TOKENS + ", but is " + length);
    }
    Double temperature = fields.real("temperature");
    if (temperature != null && !(temperature >= 0 && temperature <= HIGHEST_TEMPERATURE)) {
      fields.wrong("temperature", "must be from 0 to " + (int) HIGHEST_TEMPERATURE + ", but is " + temperature);
    }
    Long seed = fields.whole("seed");
    String checkpoint = checkpoint(fields);
    fields.done();
    Question question =
        new Question.Generate(
            prefix == null ? "" : prefix,
            (int) (length == null ? DEFAULT_TOKENS : length),
            temperature == null ? DEFAULT_TEMPERATURE : temperature,
            seed == null ? random : seed);
    return new QuestionJson(question, checkpoint);
  }

  /** How likely a text is. */
  public static QuestionJson score(Fields fields) {
    String text = fields.text("text", MOST_CHARACTERS);
    if (!fields.has("text")) {
      fields.wrong("text", "must be given");
    } else if ("".equals(text)) {
      fields.wrong("text", "must not be empty");
    }
    String checkpoint = checkpoint(fields);
    fields.done();
    return new QuestionJson(new Question.Score(text == null ? "" : text), checkpoint);
  }

  private static @Nullable String checkpoint(Fields fields) {
    return fields.oneOf("checkpoint", Artifact.BEST, Artifact.LAST);
  }
}
