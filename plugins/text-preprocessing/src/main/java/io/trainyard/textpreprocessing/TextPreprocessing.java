package io.trainyard.textpreprocessing;

import io.trainyard.spi.Epoch;
import io.trainyard.spi.Metric;
import io.trainyard.spi.Param;
import io.trainyard.spi.Run;
import io.trainyard.spi.Steps;
import io.trainyard.spi.Task;
import io.trainyard.spi.TaskSpec;
import io.trainyard.toolkit.Stopped;
import io.trainyard.toolkit.text.Corpora;
import io.trainyard.toolkit.text.Preprocessing;
import io.trainyard.toolkit.text.Source;
import io.trainyard.toolkit.text.TextReader;
import io.trainyard.toolkit.text.Vocab;
import java.io.IOException;
import java.util.Optional;

/** Reads a text once, however long, and shows what it is made of. The thread that trains calls. */
public final class TextPreprocessing implements Task {
  static final Param.Int MOST_DISTINCT =
      Param.integer("most_distinct", 1_000_000, "distinct tokens, pairs and triples of them that memory is to hold")
          .between(100, Tally.MOST);
  static final Param.Int TOP = Param.integer("top", 20, "rows of the tables of what is most frequent").between(1, 1000);

  static final Metric TOKENS = Metric.of("text/tokens");
  static final Metric DISTINCT = Metric.of("text/distinct");
  static final Metric RATE = Metric.rate("text/tokens_per_second");
  static final Metric LENGTH = Metric.of("vocab/length");
  static final Metric COVERAGE = Metric.of("vocab/coverage");
  static final Metric UNKNOWN = Metric.of("vocab/unknown_rate");
  static final Metric SLOPE = Metric.of("zipf/slope");

  /** A stop is seen after a block of a text, of at most so many bytes; 10 blocks show that something goes on. */
  private static final long BLOCK = 1 << 20;

  private static final int LEAST_BLOCKS = 10;

  @Override
  public TaskSpec spec() {
    return TaskSpec.of("text-preprocessing", "Text preprocessing")
        .description("Cuts a text into tokens, numbers them in a vocabulary that other runs can take, and counts them.")
        .params(Corpora.CORPUS, Corpora.UNIT, Corpora.NORMALIZE, Corpora.MIN_FREQ, Corpora.USE_SPECIAL_TOKENS,
            Corpora.VOCAB_ORDER, Corpora.VOCAB, TOP, MOST_DISTINCT)
        .metrics(TOKENS, DISTINCT, RATE, LENGTH, COVERAGE, UNKNOWN, SLOPE);
  }

  @Override
  public void train(Run run) throws Exception {
    Stopped.quietly(() -> read(run));
  }

  private static void read(Run run) throws IOException {
    Source source = Corpora.find(run);
    Preprocessing how = Corpora.preprocessing(run, source);
    Optional<Vocab> given = Corpora.vocab(run, how);
    Tally tally = new Tally(how, run.get(MOST_DISTINCT).intValue());

    int blocks = (int) Math.max(LEAST_BLOCKS, (source.bytes() + BLOCK - 1) / BLOCK);
    long block = Math.max(1, (source.bytes() + blocks - 1) / blocks);
    try (TextReader reader = source.open(how, tally)) {
      for (Epoch epoch : run.epochs(1)) {
        long done = 0;
        for (Steps steps : epoch.steps(blocks, 1)) {
          long before = tally.tokens().total();
          long start = System.nanoTime();
          reader.read(steps.last() < blocks ? block : Long.MAX_VALUE);
          long read = tally.tokens().total() - before;
          run.log(TOKENS, steps.first(), tally.tokens().total());
          run.log(DISTINCT, steps.first(), tally.tokens().distinct());
          run.log(RATE, steps.first(), read * 1e9 / Math.max(1, System.nanoTime() - start));
          done++;
        }
        if (done == blocks) {
          Corpora.note(run, source, how, reader.sha256());
          new Report(run, source, tally, blocks).show(given.orElseGet(() -> tally.tokens().vocab(Corpora.rules(run))));
        }
      }
    }
  }
}
