package io.trainyard.textpreprocessing;

import io.trainyard.spi.Exhibit;
import io.trainyard.spi.InvalidDataException;
import io.trainyard.spi.Run;
import io.trainyard.toolkit.text.Source;
import io.trainyard.toolkit.text.TokenCounter;
import io.trainyard.toolkit.text.Vocab;
import io.trainyard.toolkit.text.Vocab.Frequency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows what a text is made of, and keeps its vocabulary. Used by the thread that has read it. */
final class Report {
  private static final int[] MIN_FREQS = {1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 70, 100};
  private static final Logger log = LoggerFactory.getLogger(Report.class);

  private final Run run;
  private final Source source;
  private final Tally tally;
  private final TokenCounter tokens;
  private final int step;

  Report(Run run, Source source, Tally tally, int step) {
    this.run = run;
    this.source = source;
    this.tally = tally;
    this.tokens = tally.tokens();
    this.step = step;
  }

  void show(Vocab vocab) throws IOException {
    if (tokens.total() == 0) {
      throw new InvalidDataException(
          text(
              "%s has no token: nothing of its %,d bytes is left by the preprocessing (%s). Take another normalize, or"
                  + " another text.",
              source.name(), source.bytes(), vocab.preprocessing()));
    }
    Path file = Files.createTempFile("vocab", ".json");
    try {
      vocab.save(file);
      run.keep("vocab.json", file);
    } finally {
      Files.delete(file);
    }
    long unknown = tokens.overflow();
    for (int number = 0; number < tokens.distinct(); number++) {
      unknown += vocab.index(tokens.token(number)) == vocab.unk() ? tokens.count(number) : 0;
    }
    double rate = share(unknown);
    run.log(TextPreprocessing.LENGTH, step, vocab.length());
    run.log(TextPreprocessing.UNKNOWN, step, rate);
    run.log(TextPreprocessing.COVERAGE, step, 1 - rate);
    log.info(text("a vocabulary of %,d, %.3f %% of %,d tokens unknown", vocab.length(), 100 * rate, tokens.total()));
    if (tokens.overflow() > 0) {
      log.warn(
          text(
              "There are more than %,d distinct tokens: %,d tokens that came first after these are counted together and"
                  + " are unknown. Give a larger --most-distinct.",
              tokens.distinct(), tokens.overflow()));
    }

    List<Frequency> frequencies = tokens.frequencies();
    Zipf zipf = Zipf.of(frequencies);
    run.log(TextPreprocessing.SLOPE, step, zipf.slope());
    run.show("zipf", step, zipf.curves(frequencies));
    run.show("facts", step, facts(frequencies, unknown));
    coverage(frequencies);
    sample(vocab);
    run.show("top/unigrams", step, unigrams(frequencies));
    run.show("top/bigrams", step, top(tally.pairs(), 2));
    run.show("top/trigrams", step, top(tally.triples(), 3));
  }

  private Exhibit.Table facts(List<Frequency> frequencies, long unknown) throws IOException {
    double entropy = 0;
    long once = 0;
    for (Frequency one : frequencies) {
      double p = share(one.count());
      entropy -= p * Math.log(p);
      once += one.count() == 1 ? 1 : 0;
    }
    String perplexity =
        tokens.overflow() > 0 ? "not known: not all tokens are counted one by one" : text("%.4g", Math.exp(entropy));
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("text", source.name()));
    rows.add(List.of("bytes", text("%,d", source.bytes())));
    rows.add(List.of("tokens", text("%,d", tokens.total())));
    rows.add(List.of("distinct tokens", (tokens.overflow() > 0 ? "more than " : "") + text("%,d", tokens.distinct())));
    rows.add(List.of("of them once", text("%,d", once)));
    rows.add(List.of("unknown to the vocabulary", text("%,d", unknown)));
    rows.add(List.of("perplexity of its unigrams", perplexity));
    source.entropyRate().ifPresent(
        it -> rows.add(List.of("the least possible perplexity", text("%.4g, or %.4f nats a token", Math.exp(it), it))));
    return new Exhibit.Table(List.of("", ""), rows);
  }

  /** What a vocabulary would know, for each least frequency. */
  private void coverage(List<Frequency> frequencies) {
    double[] covered = new double[MIN_FREQS.length];
    double[] unknown = new double[MIN_FREQS.length];
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < MIN_FREQS.length; i++) {
      int least = MIN_FREQS[i];
      long kept = 0;
      long known = 0;
      for (Frequency one : frequencies) {
        kept += one.count() >= least ? 1 : 0;
        known += one.count() >= least ? one.count() : 0;
      }
      covered[i] = share(known);
      unknown[i] = share(tokens.total() - known);
      rows.add(
          List.of(
              String.valueOf(least), text("%,d", kept), text("%.3f %%", 100 * covered[i]),
              text("%.3f %%", 100 * unknown[i])));
    }
    double[] x = Arrays.stream(MIN_FREQS).asDoubleStream().toArray();
    List<Exhibit.Curve> curves =
        List.of(new Exhibit.Curve("known", covered), new Exhibit.Curve("unknown", unknown));
    run.show("coverage", step, new Exhibit.Curves("min_freq", "share of the tokens", x, curves, true, false));
    run.show(
        "coverage/table", step,
        new Exhibit.Table(List.of("min_freq", "tokens kept", "of the text known", "unknown"), rows));
  }

  private void sample(Vocab vocab) {
    List<String> words = tally.beginning();
    int[] indices = words.stream().mapToInt(vocab::index).toArray();
    String numbers = Arrays.stream(indices).mapToObj(String::valueOf).collect(Collectors.joining(" "));
    run.show(
        "sample", step,
        new Exhibit.Text(
            "The first tokens:\n" + vocab.preprocessing().join(words) + "\n\nTheir indices:\n" + numbers
                + "\n\nAnd back:\n" + vocab.decode(indices)));
  }

  private Exhibit.Table unigrams(List<Frequency> frequencies) {
    List<List<String>> rows = new ArrayList<>();
    int top = Math.min(frequencies.size(), run.get(TextPreprocessing.TOP).intValue());
    for (Frequency one : frequencies.subList(0, top)) {
      rows.add(row(rows.size() + 1, shown(one.token()), text("%,d", one.count()), share(one.count())));
    }
    return new Exhibit.Table(List.of("rank", "token", "times", "share"), rows);
  }

  private Exhibit.Table top(FrequentItems items, int n) {
    List<List<String>> rows = new ArrayList<>();
    for (int place : items.top(run.get(TextPreprocessing.TOP).intValue())) {
      long count = items.count(place);
      String times = items.error() == 0 ? text("%,d", count) : text("%,d to %,d", count, count + items.error());
      String words = tally.words(items.item(place), n).stream().map(Report::shown).collect(Collectors.joining(" "));
      rows.add(row(rows.size() + 1, words, times, count / (double) items.total()));
    }
    return new Exhibit.Table(
        List.of("rank", "tokens", "times", items.error() == 0 ? "share" : "share, at least"), rows);
  }

  private static List<String> row(int rank, String what, String times, double share) {
    return List.of(String.valueOf(rank), what, times, text("%.3f %%", 100 * share));
  }

  /** Spaces and line feeds, so that one sees them. */
  private static String shown(String token) {
    return switch (token) {
      case " " -> "␣";
      case "\n" -> "⏎";
      case "\r" -> "␍";
      case "\t" -> "⇥";
      default -> token;
    };
  }

  private double share(long count) {
    return count / (double) tokens.total();
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
