package io.trainyard.spi;

import java.util.Collections;
import java.util.List;

/**
 * A task whose trained model can go on with a text and say how likely one is: a {@link Task} implements it beside. Each
 * question gets a fresh instance, and one thread calls it. The model is built from the run's params and restored by
 * {@link Run#resumable}; nothing can be logged to the run.
 */
public interface LanguageModel {
  /**
   * Goes on with a text.
   *
   * @return what follows the prefix, without it; shown right behind it, so a model of words begins with a space
   * @throws IllegalArgumentException if the model cannot take the prompt; the message says why
   */
  String generate(Run run, Prompt prompt) throws Exception;

  /**
   * How likely a text is, token by token: P(w1) P(w2|w1) P(w3|w1,w2)...
   *
   * @return a factor for each token of the text, in its order
   * @throws IllegalArgumentException if the model cannot take the text; the message says why
   */
  List<Factor> score(Run run, String text) throws Exception;

  /**
   * What to go on with.
   *
   * @param prefix may be empty
   * @param length tokens to add, in the model's own unit: characters or words
   * @param temperature logits are divided by it; 0 takes the likeliest token each time
   * @param seed the same prompt with the same seed gives the same text
   */
  record Prompt(String prefix, int length, double temperature, long seed) {
    public Prompt {
      if (length < 1) {
        throw new IllegalArgumentException("length must be at least 1, but is " + length);
      }
      if (!(temperature >= 0) || Double.isInfinite(temperature)) {
        throw new IllegalArgumentException("temperature must be 0 or more, and finite, but is " + temperature);
      }
    }
  }

  /**
   * A token with its probability.
   *
   * @param token as the model's vocabulary has it
   * @param given what the probability depends on, in the text's order: all tokens before for a recurrent model, the
   *     last n-1 for n-grams. It is not copied, so that the factors of a long text may be sublists of one list
   * @param probability from 0 to 1
   */
  record Factor(String token, List<String> given, double probability) {
    public Factor {
      given = Collections.unmodifiableList(given);
    }
  }
}
