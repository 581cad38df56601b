package io.trainyard.toolkit.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class DrawTest {
  private static final double[] PROBABILITIES = {0.1, 0.6, 0, 0.3};

  private static double[] shares(double[] probabilities, double temperature) {
    Random random = new Random(1);
    double[] shares = new double[probabilities.length];
    for (int i = 0; i < 100_000; i++) {
      shares[Draw.index(probabilities, temperature, random)] += 1e-5;
    }
    return shares;
  }

  @Test
  void atOneItDrawsByTheProbabilities() {
    assertThat(shares(PROBABILITIES, 1)).containsExactly(PROBABILITIES, within(0.006));
  }

  @Test
  void aTemperatureDividesTheLogarithms() {
    // At a half, squares: .01, .36, .09 of .46.
    assertThat(shares(PROBABILITIES, 0.5))
        .containsExactly(new double[] {0.01 / 0.46, 0.36 / 0.46, 0, 0.09 / 0.46}, within(0.006));
    assertThat(shares(PROBABILITIES, 1e6)).containsExactly(new double[] {1 / 3.0, 1 / 3.0, 0, 1 / 3.0}, within(0.006));
  }

  @Test
  void atZeroTheLikeliestIsTakenTheFirstOfSeveral() {
    assertThat(shares(PROBABILITIES, 0)[1]).isEqualTo(1, within(1e-9));
    assertThat(Draw.index(new double[] {0.2, 0.4, 0.4}, 0, new Random(1))).isEqualTo(1);
  }

  @Test
  void tinyProbabilitiesAreDrawnAsIfTheyWereLarge() {
    assertThat(shares(new double[] {1e-300, 3e-300}, 0.9)[1]).isGreaterThan(0.7);
  }
}
