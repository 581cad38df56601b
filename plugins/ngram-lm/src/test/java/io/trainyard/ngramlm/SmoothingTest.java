package io.trainyard.ngramlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.spi.LanguageModel.Factor;
import io.trainyard.testkit.RecordingRun;
import io.trainyard.toolkit.text.Normalize;
import io.trainyard.toolkit.text.Preprocessing;
import io.trainyard.toolkit.text.Unit;
import io.trainyard.toolkit.text.Vocab;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SmoothingTest {
  private static final int ORDERS = 4;
  private static final Preprocessing CHARS = new Preprocessing(Unit.CHAR, Normalize.NONE);

  private static Model model(String text, int orders, Smoothing smoothing) {
    Vocab vocab = Vocab.of(CHARS, CHARS.tokens(text), Vocab.Rules.DEFAULT);
    int[] tokens = vocab.encode(text);
    Counts counts = new Counts(orders);
    counts.add(tokens, 0, tokens.length);
    return new Model(counts, smoothing, vocab);
  }

  private static Evaluation evaluation(Model model, String text) {
    return Evaluation.of(new RecordingRun(new NgramLm()), model, model.vocab().encode(text));
  }

  /** Letters of which some are rare, so that there are n-grams that come once, twice and never. */
  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    int letters = 1 + random.nextInt(8);
    for (int length = 1 + random.nextInt(120); length > 0; length--) {
      text.append((char) ('a' + Math.min(random.nextInt(letters), random.nextInt(letters))));
    }
    return text.toString();
  }

  @Test
  void theProbabilitiesOfAllThatCanFollowSumToOne() {
    Random random = new Random(1);
    for (int trial = 0; trial < 300; trial++) {
      String text = randomText(random);
      int vocabulary = Vocab.of(CHARS, CHARS.tokens(text), Vocab.Rules.DEFAULT).length();
      for (Smoothing smoothing :
          List.of(
              new Smoothing.KneserNey(vocabulary), new Smoothing.AddK(random.nextDouble() + 0.01, vocabulary),
              new Smoothing.MaximumLikelihood())) {
        Model model = model(text, ORDERS, smoothing);
        History history = new History(model.counts());
        for (int length = 0; length < 6; length++) {
          for (int order = 1; order <= ORDERS; order++) {
            double[] all = model.distribution(history, order);
            double sum = Arrays.stream(all).sum();
            if (smoothing instanceof Smoothing.MaximumLikelihood && sum == 0) {
              // It says nothing about what follows a history that never was; that of no tokens always was.
              assertThat(order).isGreaterThan(1);
              continue;
            }
            assertThat(sum).as("%s of order %d, trial %d", smoothing, order, trial).isEqualTo(1, within(1e-12));
            assertThat(Arrays.stream(all).min().orElseThrow()).isNotNegative();
          }
          // Seen or not, <unk> too.
          history.add(random.nextInt(vocabulary));
        }
      }
    }
  }

  @Test
  void perplexityIsExpOfTheMeanLossOverTheTokens() {
    Random random = new Random(2);
    for (int trial = 0; trial < 100; trial++) {
      String text = randomText(random);
      String other = randomText(random);
      Model model = model(text, ORDERS, new Smoothing.KneserNey(20));
      List<Factor> factors = model.score(other);
      double loss = factors.stream().mapToDouble(it -> -Math.log(it.probability())).sum();
      assertThat(evaluation(model, other).perplexity()[ORDERS])
          .isEqualTo(Math.exp(loss / other.length()), within(1e-9));
    }
  }

  @Test
  void aModelThatKnowsNothingHasTheSizeOfTheVocabularyAndACertainOneHasOne() {
    // With an enormous k the counts do not matter.
    Model uniform = model("abcde", 2, new Smoothing.AddK(1e300, 6));
    assertThat(evaluation(uniform, "edcbabc").perplexity()[2]).isEqualTo(6, within(1e-12));
    Model certain = model("abababababab", 2, new Smoothing.MaximumLikelihood());
    Evaluation sure = evaluation(certain, "babababa");
    // The first letter has no history: its probability is a half.
    assertThat(sure.perplexity()[2]).isEqualTo(Math.pow(2, 1 / 8.0), within(1e-12));
    assertThat(evaluation(model("aaaa", 3, new Smoothing.MaximumLikelihood()), "aaaaaa").perplexity())
        .containsExactly(0, 1, 1, 1);
  }

  @Test
  void maximumLikelihoodOnWhatWasNeverSeenIsInfiniteAndNeverNan() {
    Model model = model("abcabd", 3, new Smoothing.MaximumLikelihood());
    // "ca" was seen and "cb" was not; after "cb" nothing is known.
    Evaluation evaluation = evaluation(model, "cba");
    assertThat(evaluation.perplexity()[1]).isFinite();
    assertThat(evaluation.perplexity()[2]).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(evaluation.perplexity()[3]).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(evaluation.impossible()).containsExactly(0, 0, 2, 2);
    assertThat(evaluation.unseenRate(2)).isEqualTo(1);
    assertThat(evaluation(model, "abcab").unseen()).containsOnly(0);
  }

  @Test
  void kneserNeyIsTheFormulaByHand() {
    // Of "aabab": unigrams a 3, b 2; bigrams aa 1, ab 2, ba 1. Before a stood a and b, before b only a.
    Model model = model("aabab", 2, new Smoothing.KneserNey(3));
    History history = new History(model.counts());
    // Unigrams by count: none comes once, one comes twice, so D = .5 / (.5 + 2) = .2.
    double[] first = model.distribution(history, 2);
    assertThat(first[1]).isEqualTo((3 - 0.2) / 5 + 0.2 * 2 / 5 / 3, within(1e-12));
    assertThat(first[0]).isEqualTo(0.2 * 2 / 5 / 3, within(1e-12));
    // After a: bigrams aa 1, ab 2; two come once and one twice, so D = 2 / (2 + 2) = .5. Below it, of the three
    // different bigrams a ends two and b one; one of these numbers is 1, one is 2, so D = 1 / (1 + 2) = 1/3.
    double lowerA = (2 - 1 / 3.0) / 3 + 1 / 3.0 * 2 / 3 / 3;
    double lowerB = (1 - 1 / 3.0) / 3 + 1 / 3.0 * 2 / 3 / 3;
    history.add(1);
    double[] afterA = model.distribution(history, 2);
    assertThat(afterA[1]).isEqualTo((1 - 0.5) / 3 + 0.5 * 2 / 3 * lowerA, within(1e-12));
    assertThat(afterA[2]).isEqualTo((2 - 0.5) / 3 + 0.5 * 2 / 3 * lowerB, within(1e-12));
  }

  @Test
  void theFirstTokensHaveShorterHistories() {
    Model model = model("abcabcabd", 3, new Smoothing.MaximumLikelihood());
    List<Factor> factors = model.score("abc");
    assertThat(factors.stream().map(Factor::given).toList())
        .isEqualTo(List.of(List.of(), List.of("a"), List.of("a", "b")));
    // P(a) = 3/9; of 3 a all are followed by b; of 3 "ab" two are followed by c.
    assertThat(factors.stream().map(Factor::probability).toList())
        .containsExactly(3 / 9.0, 1.0, 2 / 3.0);
    List<List<String>> longer = new ArrayList<>();
    model.score("abcab").forEach(it -> longer.add(it.given()));
    assertThat(longer.get(4)).as("no more than it looks back").containsExactly("c", "a");
  }
}
