package io.trainyard.toolkit.text;

import java.util.Arrays;
import java.util.Random;

/** Draws tokens by their probabilities; the thread that generates a text calls. */
public final class Draw {
  private Draw() {}

  /**
   * Draws an index.
   *
   * @param probabilities at least one is above 0; they need not sum to 1
   * @param temperature the logarithms are divided by it: below 1 the likely ones become likelier, at 0 the likeliest
   *     one is taken, the first of several
   */
  public static int index(double[] probabilities, double temperature, Random random) {
    int likeliest = 0;
    for (int i = 1; i < probabilities.length; i++) {
      if (probabilities[i] > probabilities[likeliest]) {
        likeliest = i;
      }
    }
    if (temperature == 0) {
      return likeliest;
    }
    double[] weights = temperature == 1 ? probabilities : weights(probabilities, probabilities[likeliest], temperature);
    double left = random.nextDouble() * Arrays.stream(weights).sum();
    for (int i = 0; i < weights.length; i++) {
      left -= weights[i];
      if (left < 0) {
        return i;
      }
    }
    return likeliest;
  }

  /** That of the likeliest is 1, so that nothing is rounded to 0 but what is next to impossible. */
  private static double[] weights(double[] probabilities, double most, double temperature) {
    double[] weights = new double[probabilities.length];
    double logOfMost = StrictMath.log(most);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = StrictMath.exp((StrictMath.log(probabilities[i]) - logOfMost) / temperature);
    }
    return weights;
  }
}
