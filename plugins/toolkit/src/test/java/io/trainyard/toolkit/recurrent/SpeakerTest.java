package io.trainyard.toolkit.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class SpeakerTest {
  private static final float[][] LOGITS = {{0, 1, -1}, {2, 0.5f, 0}, {-1, 0, 3}};

  @Test
  void withoutTemperatureItTakesTheLikeliest() throws Exception {
    Asking.with(
        trainer -> {
          try (Speaker speaker = new Speaker(trainer, Asking.model(LOGITS))) {
            assertThat(speaker.goOn(new int[] {2, 0}, 5, 0, 1)).containsExactly(1, 0, 1, 0, 1);
            assertThat(speaker.goOn(new int[] {2}, 3, 0, 2)).containsExactly(2, 2, 2);
            assertThat(speaker.goOn(new int[0], 2, 0, 3)).as("of those alike the first").containsExactly(0, 1);
          }
        });
  }

  @Test
  void itDrawsAsOftenAsTheProbabilitiesSayAndTheSameForTheSameSeed() throws Exception {
    Asking.with(
        trainer -> {
          try (Speaker speaker = new Speaker(trainer, Asking.model(Asking.rows(0, 1, 2)))) {
            for (double temperature : new double[] {0.5, 1, 4}) {
              int[] said = speaker.goOn(new int[] {0}, 4000, temperature, 7);
              assertThat(speaker.goOn(new int[] {0}, 4000, temperature, 7)).isEqualTo(said);
              double sum = 1 + Math.exp(1 / temperature) + Math.exp(2 / temperature);
              for (int token = 0; token < 3; token++) {
                int it = token;
                assertThat(Arrays.stream(said).filter(one -> one == it).count() / 4000.0)
                    .as("token %d at %.1f", token, temperature)
                    .isEqualTo(Math.exp(token / temperature) / sum, within(0.03));
              }
            }
            assertThat(speaker.goOn(new int[] {0}, 100, 1, 8)).isNotEqualTo(speaker.goOn(new int[] {0}, 100, 1, 9));
          }
        });
  }

  @Test
  void aTextHasAFactorForEachTokenGivenThoseBeforeIt() throws Exception {
    Asking.with(
        trainer -> {
          try (Speaker speaker = new Speaker(trainer, Asking.model(LOGITS))) {
            double[] factors = speaker.score(new int[] {1, 0, 2});
            assertThat(factors[0]).as("nothing was read").isEqualTo(1 / 3.0, within(1e-7));
            assertThat(factors[1])
                .isEqualTo(Math.exp(2) / (Math.exp(2) + Math.exp(0.5) + 1), within(1e-7));
            assertThat(factors[2]).isEqualTo(Math.exp(-1) / (1 + Math.E + Math.exp(-1)), within(1e-7));
            assertThat(speaker.score(new int[0])).isEmpty();
          }
        });
  }
}
