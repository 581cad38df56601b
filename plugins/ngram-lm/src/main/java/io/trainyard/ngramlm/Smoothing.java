package io.trainyard.ngramlm;

import io.trainyard.ngramlm.Level.Sums;
import io.trainyard.spi.Run;

/**
 * Makes probabilities of counts; any thread, for it never changes.
 *
 * <p>Each computes the probability of one token for all orders at once: that of order n is what comes after the last
 * n-1 tokens, and after fewer where the text has not more yet.
 */
sealed interface Smoothing {
  /**
   * Fills in the probability for each order.
   *
   * @param history what comes before
   * @param with what {@link History#with} says of the token
   * @param into by order, from 1; as many orders as it has room for
   */
  void probabilities(Counts counts, History history, int[] with, double[] into);

  static Smoothing of(Run run, int vocabulary) {
    return switch (run.get(NgramLm.SMOOTHING)) {
      case "mle" -> new MaximumLikelihood();
      case "add_k" -> new AddK(run.get(NgramLm.K), vocabulary);
      default -> new KneserNey(vocabulary);
    };
  }

  /** Fills the orders for which the text is too short with that of the longest one. */
  private static void shorter(int longest, double[] into) {
    for (int n = longest + 1; n < into.length; n++) {
      into[n] = into[longest];
    }
  }

  /** c(h, w) / c(h). What was never seen has 0, after a history that was never seen too. */
  record MaximumLikelihood() implements Smoothing {
    @Override
    public void probabilities(Counts counts, History history, int[] with, double[] into) {
      int longest = Math.min(history.length() + 1, into.length - 1);
      for (int n = 1; n <= longest; n++) {
        Level level = counts.level(n);
        into[n] = with[n] < 0 ? 0 : level.count(with[n]) / (double) level.byCount().sums()[history.number(n - 1)];
      }
      shorter(longest, into);
    }
  }

  /** (c(h, w) + k) / (c(h) + k V): after a history that was never seen, all tokens are equally likely. */
  record AddK(double k, int vocabulary) implements Smoothing {
    @Override
    public void probabilities(Counts counts, History history, int[] with, double[] into) {
      int longest = Math.min(history.length() + 1, into.length - 1);
      for (int n = 1; n <= longest; n++) {
        Level level = counts.level(n);
        int before = history.number(n - 1);
        double count = with[n] < 0 ? 0 : level.count(with[n]);
        double sum = before < 0 ? 0 : level.byCount().sums()[before];
        into[n] = (count + k) / (sum + k * vocabulary);
      }
      shorter(longest, into);
    }
  }

  /**
   * Interpolated Kneser-Ney with one discount an order.
   *
   * <pre>P(w|h) = max(c(h, w) - D, 0) / c(h) + D N(h) / c(h) P(w|h')</pre>
   *
   * <p>h' is h without its first token, N(h) how many different tokens come after h. The order that is asked for has
   * the counts; all lower ones have instead the number of different tokens that come before: "Francisco" is frequent,
   * but only after "San". Order 1 goes on to 1/V. D is n1 / (n1 + 2 n2), of the n-grams that come once and twice.
   */
  record KneserNey(int vocabulary) implements Smoothing {
    @Override
    public void probabilities(Counts counts, History history, int[] with, double[] into) {
      int longest = Math.min(history.length() + 1, into.length - 1);
      double lower = 1.0 / vocabulary;
      for (int n = 1; n <= longest; n++) {
        Level level = counts.level(n);
        int before = history.number(n - 1);
        int count = with[n] < 0 ? 0 : level.count(with[n]);
        into[n] = interpolated(level.byCount(), before, count, lower);
        int continuations = with[n] < 0 ? 0 : level.continuations(with[n]);
        lower = interpolated(level.byContinuation(), before, continuations, lower);
      }
      shorter(longest, into);
    }

    private static double interpolated(Sums of, int before, int count, double lower) {
      double sum = before < 0 ? 0 : of.sums()[before];
      if (sum == 0) {
        return lower;
      }
      return (Math.max(count - of.discount(), 0) + of.discount() * of.types()[before] * lower) / sum;
    }
  }
}
