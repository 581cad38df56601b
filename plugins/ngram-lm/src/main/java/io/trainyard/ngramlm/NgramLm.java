package io.trainyard.ngramlm;

import io.trainyard.spi.Epoch;
import io.trainyard.spi.LanguageModel;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Param;
import io.trainyard.spi.Run;
import io.trainyard.spi.Steps;
import io.trainyard.spi.Task;
import io.trainyard.spi.TaskSpec;
import io.trainyard.toolkit.Stopped;
import io.trainyard.toolkit.text.Corpora;
import io.trainyard.toolkit.text.Corpus;
import java.io.IOException;
import java.util.List;

/** Says what follows a few tokens by how often it did so. The thread that trains calls. */
public final class NgramLm implements Task, LanguageModel {
  static final Param.Int ORDER =
      Param.integer("order", 6, "tokens in the longest n-grams; all orders up to it are compared").between(1, 6);
  static final Param.Choice SMOOTHING =
      Param.choice("smoothing", "what is done about n-grams that were never seen", "kneser_ney", "add_k", "mle");
  static final Param.Real K = Param.real("k", 1, "what add_k adds to each count").above(0);
  static final Param.Many<String> PREFIXES =
      Param.list(Param.text("prefixes", null, "texts that each order goes on with"), List.of("time traveller"))
          .size(0, 20);
  static final Param.Int SAMPLE_LENGTH =
      Param.integer("sample_length", 100, "tokens that are added to a prefix").between(1, 10_000);
  static final Param.Real TEMPERATURE =
      Param.real("temperature", 1, "of the samples: logarithms are divided by it; 0 takes the likeliest").atLeast(0);

  static final Metric TRAIN = Metric.minimize("train/perplexity");
  static final Metric HELDOUT = Metric.minimize("heldout/perplexity");
  static final Metric UNSEEN = Metric.of("heldout/unseen");
  static final Metric DISTINCT = Metric.of("train/distinct");
  static final Metric RATE = Metric.rate("train/tokens_per_second");

  @Override
  public TaskSpec spec() {
    return TaskSpec.of("ngram-lm", "N-gram language model")
        .description("Counts sequences of characters or words, and says what comes next. Charts are over the order.")
        .params(Corpora.params(ORDER, SMOOTHING, K, PREFIXES, SAMPLE_LENGTH, TEMPERATURE))
        .metrics(TRAIN, HELDOUT, UNSEEN, DISTINCT, RATE)
        .bands(Published.BANDS);
  }

  @Override
  public void train(Run run) throws Exception {
    Stopped.quietly(() -> count(run));
  }

  private static void count(Run run) throws IOException {
    // Data
    Corpus corpus = Corpus.load(run);
    int[] tokens = corpus.train();

    // Model
    Counts counts = Memory.ofTraining(run, run.get(ORDER).intValue(), corpus.vocab());

    // Loop
    Blocks blocks = Blocks.of(tokens.length);
    for (Epoch epoch : run.epochs(1)) {
      for (Steps steps : epoch.steps(blocks.count(), 1)) {
        long start = System.nanoTime();
        counts.add(tokens, blocks.start(steps.first()), blocks.end(steps.first()));
        run.log(RATE, steps.first(), blocks.perSecond(steps.first(), System.nanoTime() - start));
      }
      // Evaluation
      if (counts.total() == tokens.length) {
        new Report(run, corpus, new Model(counts, Smoothing.of(run, corpus.vocab().length()), corpus.vocab())).show();
      }
    }
  }

  @Override
  public String generate(Run run, Prompt prompt) throws IOException {
    Model model = Memory.model(run);
    return model.generate(prompt, model.orders());
  }

  @Override
  public List<Factor> score(Run run, String text) throws IOException {
    return Memory.model(run).score(text);
  }
}
