package io.trainyard.toolkit.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.spi.InvalidDataException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SamplingTest {
  /** The course's example: the tokens 0 to 29. */
  private static final int TOKENS = 30;

  private static final int BATCH = 2;
  private static final int STEPS = 6;

  @Test
  void consecutiveReadsItsRowsFromLeftToRight() {
    assertThat(Sampling.CONSECUTIVE.starts(TOKENS, BATCH, STEPS, 1, 1)).containsExactly(0, 15, 6, 21);
    assertThat(Sampling.CONSECUTIVE.starts(TOKENS, BATCH, STEPS, 1, 2)).containsExactly(0, 15, 6, 21);
    // 10,000 tokens in 32 rows of 312: (312 - 1) / 35 batches.
    assertThat(Sampling.CONSECUTIVE.starts(10_000, 32, 35, 1, 1)).hasSize(8 * 32).startsWith(0, 312, 624);
  }

  @Test
  void randomUsesEachOfTheFixedStartsOnceInAnOrderOfTheEpoch() {
    Set<String> orders = new HashSet<>();
    for (int epoch = 1; epoch <= 50; epoch++) {
      int[] starts = Sampling.RANDOM.starts(TOKENS, BATCH, STEPS, 1, epoch);
      assertThat(starts).containsExactlyInAnyOrder(0, 6, 12, 18);
      assertThat(Sampling.RANDOM.starts(TOKENS, BATCH, STEPS, 1, epoch)).isEqualTo(starts);
      orders.add(Arrays.toString(starts));
    }
    assertThat(orders).as("of 24 orders").hasSizeGreaterThan(15);
    // 9,999 / 35 starts are 8 batches of 32 and one of 29, which is kept.
    assertThat(Sampling.RANDOM.starts(10_000, 32, 35, 1, 1)).hasSize(285);
  }

  @Test
  void randomOffsetBeginsEachEpochSomewhereElse() {
    Set<Integer> offsets = new HashSet<>();
    for (int epoch = 1; epoch <= 200; epoch++) {
      int[] starts = Sampling.RANDOM_OFFSET.starts(TOKENS, BATCH, STEPS, 1, epoch);
      int offset = Arrays.stream(starts).min().orElseThrow();
      int count = (TOKENS - 1 - offset) / STEPS;
      assertThat(Arrays.stream(starts).sorted())
          .containsExactlyElementsOf(IntStream.range(0, count).map(it -> offset + it * STEPS).boxed().toList());
      offsets.add(offset);
    }
    assertThat(offsets).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
  }

  @Test
  void noStartLeadsBeyondTheEnd() {
    for (Sampling sampling : Sampling.values()) {
      for (int tokens = sampling.needs(BATCH, STEPS); tokens < 60; tokens++) {
        for (int epoch = 1; epoch <= 20; epoch++) {
          int[] starts = sampling.starts(tokens, BATCH, STEPS, 3, epoch);
          assertThat(starts).hasSizeGreaterThanOrEqualTo(BATCH);
          // The last label lies STEPS behind the start.
          assertThat(Arrays.stream(starts).max().orElseThrow() + STEPS).isLessThan(tokens);
        }
      }
    }
  }

  @Test
  void aTextThatIsTooShortForABatchIsRefusedWithTheNumbers() {
    assertThatThrownBy(() -> Sampling.CONSECUTIVE.check(1151, 32, 35))
        .isInstanceOf(InvalidDataException.class)
        .hasMessage(
            "the text to train on has 1151 tokens, but a batch of batch_size 32 and num_steps 35, with sampling"
                + " consecutive, takes at least 1152; make batch_size or num_steps smaller, or take a longer text");
    Sampling.CONSECUTIVE.check(1152, 32, 35);
    assertThatThrownBy(() -> Sampling.RANDOM.check(1120, 32, 35)).hasMessageContaining("takes at least 1121;");
    Sampling.RANDOM.check(1121, 32, 35);
    assertThatThrownBy(() -> Sampling.RANDOM_OFFSET.check(1154, 32, 35)).hasMessageContaining("takes at least 1155;");
    Sampling.RANDOM_OFFSET.check(1155, 32, 35);
    assertThatThrownBy(() -> Sampling.RANDOM.check(1154, 1 << 20, 1 << 20)).hasMessageContaining("2 billion");
  }

  @Test
  void aRecordedRunDrawsTheSameStartsForEver() {
    assertThat(Sampling.RANDOM.starts(TOKENS, BATCH, STEPS, 42, 1)).containsExactly(6, 18, 0, 12);
  }
}
