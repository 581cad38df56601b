package io.trainyard.runner;

import com.fasterxml.jackson.core.JsonGenerator;
import io.trainyard.spi.Exhibit;
import io.trainyard.spi.LanguageModel;
import io.trainyard.spi.Predictor;
import io.trainyard.spi.Task;
import java.io.IOException;
import java.util.List;

/**
 * A question that fits the model of a task: what is left is to ask it. The thread "ask" calls.
 *
 * <p>Probabilities are written as they are; a number that is not finite becomes a text, {@code "-Infinity"}.
 */
@FunctionalInterface
interface Inquiry {
  /**
   * A factor's history is shown to this length, and counted beyond it: of a recurrent model it is all of the text
   * before, and the answer to a text of n tokens would have n * n / 2 of them.
   */
  int MOST_GIVEN = 16;

  /** Writes the fields of the answer. */
  @FunctionalInterface
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  /**
   * Asks, and gives what is to be answered.
   *
   * @throws IllegalArgumentException if a language model cannot take the text; the message is for the person who asked
   */
  Fields ask(AskedRun run) throws Exception;

  /**
   * Reads what is asked, before any code of the plugin is called but its constructor.
   *
   * @throws UnanswerableException if the task has no model of this kind
   */
  static Inquiry of(Question question, Task task) throws IOException, UnanswerableException {
    Question.Matter matter = question.matter();
    if (matter instanceof Question.Images images) {
      if (!(task instanceof Predictor predictor)) {
        throw unfit(question, "has no model that can be asked: it does not implement Predictor.");
      }
      List<Exhibit.Picture> pictures = new Pictures(predictor.input()).read(images.files());
      return run -> predictions(question, pictures, predictor.predict(run, pictures));
    }
    if (!(task instanceof LanguageModel model)) {
      throw unfit(question, "has no model of language: it does not implement LanguageModel.");
    }
    if (matter instanceof Question.Continuation continuation) {
      return run -> {
        String text = model.generate(run, continuation.prompt());
        return json -> json.writeStringField("text", text);
      };
    }
    String text = ((Question.Passage) matter).text();
    return run -> factors(question, model.score(run, text));
  }

  private static UnanswerableException unfit(Question question, String why) {
    return new UnanswerableException("The task " + question.task() + " " + why);
  }

  private static Fields predictions(
      Question question, List<Exhibit.Picture> pictures, List<Predictor.Prediction> answers)
      throws UnanswerableException {
    if (answers.size() != pictures.size()) {
      throw unfit(
          question,
          "gave " + answers.size() + " answers for " + pictures.size()
              + " pictures. Mend predict() and rebuild the plugin.");
    }
    return json -> {
      json.writeArrayFieldStart("predictions");
      for (int i = 0; i < pictures.size(); i++) {
        json.writeStartObject();
        json.writeFieldName("picture");
        ExhibitJson.picture(json, pictures.get(i));
        json.writeArrayFieldStart("scores");
        for (Predictor.Score score : answers.get(i).scores()) {
          json.writeStartObject();
          json.writeStringField("label", score.label());
          json.writeNumberField("probability", score.probability());
          json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndArray();
    };
  }

  private static Fields factors(Question question, List<LanguageModel.Factor> factors) throws UnanswerableException {
    if (factors.isEmpty()) {
      throw unfit(question, "finds no token in this text, so there is nothing to say how likely it is.");
    }
    double sum = 0;
    for (LanguageModel.Factor factor : factors) {
      if (!(factor.probability() >= 0 && factor.probability() <= 1)) {
        throw unfit(
            question,
            "gave the probability " + factor.probability() + " to \"" + factor.token()
                + "\", which is not between 0 and 1. Mend score() and rebuild the plugin.");
      }
      sum += Math.log(factor.probability());
    }
    double logLikelihood = sum;
    return json -> {
      json.writeArrayFieldStart("factors");
      for (LanguageModel.Factor factor : factors) {
        factor(json, factor);
      }
      json.writeEndArray();
      json.writeNumberField("log_likelihood", logLikelihood);
      json.writeNumberField("perplexity", Math.exp(-logLikelihood / factors.size()));
    };
  }

  private static void factor(JsonGenerator json, LanguageModel.Factor factor) throws IOException {
    int all = factor.given().size();
    json.writeStartObject();
    json.writeStringField("token", factor.token());
    json.writeArrayFieldStart("given");
    for (String token : factor.given().subList(Math.max(0, all - MOST_GIVEN), all)) {
      json.writeString(token);
    }
    json.writeEndArray();
    json.writeNumberField("given_count", all);
    json.writeNumberField("probability", factor.probability());
    json.writeEndObject();
  }
}
