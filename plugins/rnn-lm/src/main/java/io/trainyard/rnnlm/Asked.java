package io.trainyard.rnnlm;

import io.trainyard.spi.LanguageModel.Factor;
import io.trainyard.spi.LanguageModel.Prompt;
import io.trainyard.spi.Run;
import io.trainyard.toolkit.Trained;
import io.trainyard.toolkit.Trainer;
import io.trainyard.toolkit.recurrent.Speaker;
import io.trainyard.toolkit.text.Unit;
import io.trainyard.toolkit.text.Vocab;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A trained model with its vocabulary, both from the run's checkpoint. The thread that asks calls. */
final class Asked implements AutoCloseable {
  private final Trained<Model> trained;
  private final Vocab vocab;
  private final Speaker speaker;

  private Asked(Trained<Model> trained) {
    this.trained = trained;
    this.vocab = trained.model().vocab;
    this.speaker = new Speaker(trained.model().trainer, trained.model().net);
  }

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException if it is a model that cannot be asked
   */
  static Asked open(Run run) throws IOException {
    if (run.get(Params.BIDIRECTIONAL)) {
      throw new IllegalArgumentException(
          "this model is bidirectional: it was trained with what follows in sight, so it can neither go on with a text"
              + " nor say how likely one is. Train one without bidirectional.");
    }
    return new Asked(
        Trained.open(
            run,
            (trainer, attached) -> {
              Vocab vocab = vocab(attached);
              return new Model(trainer, vocab, Net.of(run, trainer, vocab.length()));
            }));
  }

  private static Vocab vocab(Map<String, byte[]> attached) throws IOException {
    byte[] json = attached.get(Kept.VOCAB);
    if (json == null) {
      throw new IOException("the checkpoint has no " + Kept.VOCAB + ", so it is not one of rnn-lm");
    }
    return Vocab.ofJson(json, "the checkpoint's " + Kept.VOCAB);
  }

  String generate(Prompt prompt) {
    int[] said = speaker.goOn(vocab.encode(prompt.prefix()), prompt.length(), prompt.temperature(), prompt.seed());
    return behind(vocab, vocab.decode(said));
  }

  /** What a text is followed by, so that it can be written right behind it. */
  static String behind(Vocab vocab, String said) {
    return vocab.preprocessing().unit() == Unit.WORD ? " " + said : said;
  }

  List<Factor> score(String text) {
    int[] indices = vocab.encode(text);
    List<String> tokens = Arrays.stream(indices).mapToObj(vocab::token).toList();
    double[] probabilities = speaker.score(indices);
    List<Factor> factors = new ArrayList<>();
    for (int i = 0; i < indices.length; i++) {
      factors.add(new Factor(tokens.get(i), tokens.subList(0, i), probabilities[i]));
    }
    return factors;
  }

  @Override
  public void close() {
    speaker.close();
    trained.close();
  }

  private record Model(Trainer trainer, Vocab vocab, Net net) {}
}
