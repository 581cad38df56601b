package io.trainyard.ngramlm;

import io.trainyard.spi.Exhibit;
import io.trainyard.spi.LanguageModel.Prompt;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Run;
import io.trainyard.toolkit.Seeds;
import io.trainyard.toolkit.Stopped;
import io.trainyard.toolkit.text.Corpus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows what the models of all orders have come to: metrics, whose step is the order, a table, samples. One thread. */
final class Report {
  /** Only where the source of the text is known; the same at each order. */
  private static final Metric BOUND = Metric.of("source/perplexity");

  private static final List<String> COLUMNS =
      List.of(
          "order", "distinct n-grams", "of them once", "train perplexity", "held-out perplexity", "held-out unseen");

  private static final Logger log = LoggerFactory.getLogger(Report.class);

  private final Run run;
  private final Corpus corpus;
  private final Model model;

  Report(Run run, Corpus corpus, Model model) {
    this.run = run;
    this.corpus = corpus;
    this.model = model;
  }

  void show() {
    Evaluation train = Evaluation.of(run, model, corpus.train());
    Evaluation heldout = Evaluation.of(run, model, corpus.heldout());
    List<List<String>> rows = new ArrayList<>();
    for (int n = 1; n <= model.orders(); n++) {
      run.log(NgramLm.TRAIN, n, train.perplexity()[n]);
      run.log(NgramLm.DISTINCT, n, model.counts().level(n).size());
      if (heldout.tokens() > 0) {
        run.log(NgramLm.HELDOUT, n, heldout.perplexity()[n]);
        run.log(NgramLm.UNSEEN, n, heldout.unseenRate(n));
        impossible(n, heldout);
      }
      if (corpus.entropyRate().isPresent()) {
        run.log(BOUND, n, Math.exp(corpus.entropyRate().getAsDouble()));
      }
      rows.add(row(n, train, heldout));
      samples(n);
    }
    rows.add(List.of("none: all tokens equally likely", "", "", number(model.vocab().length()), "", ""));
    corpus.entropyRate().ifPresent(
        it -> rows.add(List.of("the source itself: the least possible", "", "", "", number(Math.exp(it)), "")));
    run.show("orders", model.orders(), new Exhibit.Table(COLUMNS, rows));
  }

  private List<String> row(int n, Evaluation train, Evaluation heldout) {
    Level level = model.counts().level(n);
    boolean any = heldout.tokens() > 0;
    return List.of(
        String.valueOf(n),
        String.format(Locale.ROOT, "%,d", level.size()),
        String.format(Locale.ROOT, "%,d", level.once()),
        number(train.perplexity()[n]),
        any ? number(heldout.perplexity()[n]) : "nothing is held out",
        any ? String.format(Locale.ROOT, "%.2f %%", 100 * heldout.unseenRate(n)) : "");
  }

  private void impossible(int n, Evaluation heldout) {
    if (heldout.impossible()[n] > 0) {
      log.info(
          "order {}: {} of {} held-out tokens have the probability 0, so the perplexity is infinite", n,
          heldout.impossible()[n], heldout.tokens());
    }
  }

  private void samples(int n) {
    StringBuilder text = new StringBuilder();
    int number = 0;
    for (String prefix : run.get(NgramLm.PREFIXES)) {
      if (run.stopping()) {
        throw new Stopped("the samples");
      }
      Prompt prompt =
          new Prompt(
              prefix, run.get(NgramLm.SAMPLE_LENGTH).intValue(), run.get(NgramLm.TEMPERATURE),
              Seeds.of(run.seed(), "sample", number++));
      text.append(prefix).append(model.generate(prompt, n)).append("\n\n");
    }
    if (number > 0) {
      run.show("samples", n, new Exhibit.Text(text.toString().strip()));
    }
  }

  private static String number(double value) {
    return Double.isInfinite(value) ? "infinite" : String.format(Locale.ROOT, "%.4g", value);
  }
}
