package io.trainyard.ngramlm;

import io.trainyard.spi.Band;
import io.trainyard.toolkit.text.Corpora;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What n-gram models reach on The Time Machine, within 2 %; constants. */
final class Published {
  private static final String SOURCE =
      "A NumPy baseline: interpolated Kneser-Ney with one discount an order, the last tenth of the book held out";

  private static final double[] CHARACTERS = {17.06, 10.00, 6.86, 5.06, 4.46, 4.33};
  private static final double[] WORDS = {589, 310, 297};
  private static final double[] FREQUENT_WORDS = {203, 104, 102};

  static final Band[] BANDS =
      Stream.of(bands(CHARACTERS, "char", 1, "all"), bands(WORDS, "word", 1, "all"),
              bands(FREQUENT_WORDS, "word", 2, "train"))
          .flatMap(it -> it)
          .toArray(Band[]::new);

  private Published() {}

  /** The order is the point of the series. */
  private static Stream<Band> bands(double[] perplexities, String unit, long minFreq, String vocabFrom) {
    return IntStream.range(0, perplexities.length)
        .mapToObj(
            i -> Band.of(NgramLm.HELDOUT, 0.98 * perplexities[i], 1.02 * perplexities[i])
                .at(i + 1)
                .source(SOURCE)
                .when(Corpora.CORPUS, Corpora.TIME_MACHINE)
                .when(Corpora.UNIT, unit)
                .when(Corpora.NORMALIZE, Corpora.AUTO)
                .when(Corpora.SPLIT, 0.9)
                .when(Corpora.MAX_TOKENS, 0L)
                .when(Corpora.MIN_FREQ, minFreq)
                .when(Corpora.VOCAB_FROM, vocabFrom)
                .when(Corpora.USE_SPECIAL_TOKENS, false)
                .when(NgramLm.SMOOTHING, "kneser_ney"));
  }
}
