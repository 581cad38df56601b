package io.trainyard.toolkit.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.spi.InvalidDataException;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds of any perplexity, at the evaluation that a training uses. */
final class PerplexityTest {
  private static final float NEVER = Float.NEGATIVE_INFINITY;

  @Test
  void aCertainModelHasOne() throws Exception {
    // After each token the next one, around.
    float[][] sure = {{-1000, 0, -1000}, {-1000, -1000, 0}, {0, -1000, -1000}};
    int[] text = IntStream.range(0, 100).map(it -> it % 3).toArray();
    assertThat(Asking.perplexity(sure, text, 7)).isEqualTo(1);
    float[][] surest = {{NEVER, 0, NEVER}, {NEVER, NEVER, 0}, {0, NEVER, NEVER}};
    assertThat(Asking.perplexity(surest, text, 7)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"2, 50", "28, 1000", "1027, 3000"})
  void theUniformModelHasTheSizeOfTheVocabulary(int size, int tokens) throws Exception {
    double perplexity = Asking.perplexity(new float[size][size], new Random(2).ints(tokens, 0, size).toArray(), 35);
    assertThat(perplexity).isEqualTo(size, within(size * 1e-6));
  }

  @Test
  void aTokenOfProbabilityZeroMakesItInfiniteAndNeverNaN() throws Exception {
    float[][] logits = Asking.rows(0, 0, NEVER);
    assertThat(Asking.perplexity(logits, new int[] {0, 1, 0, 1, 0, 1}, 2)).isEqualTo(2, within(1e-6));
    assertThat(Asking.perplexity(logits, new int[] {0, 1, 0, 2, 0, 1}, 2)).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @ParameterizedTest
  @CsvSource({"2, 35", "7, 35", "11, 3", "12, 1", "57, 5", "350, 35", "351, 35", "1000, 33"})
  void eachTokenButTheFirstCountsOnceHoweverLongTheTextIs(int tokens, int steps) throws Exception {
    int[] text = new Random(tokens).ints(tokens, 0, 3).toArray();
    float[][] logits = {{0, 1, -1}, {2, 0.5f, 0}, {-1, 0, 3}};
    double total = 0;
    for (int i = 1; i < tokens; i++) {
      float[] row = logits[text[i - 1]];
      total += Math.log(Math.exp(row[0]) + Math.exp(row[1]) + Math.exp(row[2])) - row[text[i]];
    }
    assertThat(Asking.perplexity(logits, text, steps)).isEqualTo(Math.exp(total / (tokens - 1)), within(1e-5));
  }

  @Test
  void aTextWithNothingToPredictOrWithATokenOutOfRangeIsRefused() {
    assertThatThrownBy(() -> Asking.perplexity(new float[3][3], new int[] {1}, 5))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageContaining("the text that is held out has 1 tokens")
        .hasMessageContaining("split");
    assertThatThrownBy(() -> Asking.perplexity(new float[3][3], new int[] {1, 2, 3}, 5))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("token 3 at place 2 of the text is not in the vocabulary's range, 0 to 2");
  }
}
