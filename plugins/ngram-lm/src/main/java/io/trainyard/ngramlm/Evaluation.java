package io.trainyard.ngramlm;

import io.trainyard.spi.Run;
import io.trainyard.toolkit.Stopped;

/**
 * How well the models of all orders do on a text. Used by the thread that trains.
 *
 * @param tokens of the text
 * @param perplexity by order from 1: exp of the total negative log-likelihood divided by the tokens
 * @param unseen by order, how many of the text's n-grams were not in what was counted
 * @param impossible by order, how many tokens have the probability 0: one is enough for an infinite perplexity
 */
record Evaluation(int tokens, double[] perplexity, long[] unseen, long[] impossible) {
  private static final int BLOCK = 1 << 20;

  /** Of a text that begins: its first tokens have shorter histories. */
  static Evaluation of(Run run, Model model, int[] tokens) {
    int orders = model.orders();
    double[] loss = new double[orders + 1];
    long[] unseen = new long[orders + 1];
    long[] impossible = new long[orders + 1];
    double[] probabilities = new double[orders + 1];
    History history = new History(model.counts());
    for (int i = 0; i < tokens.length; i++) {
      if (i % BLOCK == BLOCK - 1 && run.stopping()) {
        throw new Stopped("the evaluation");
      }
      model.next(history, tokens[i], probabilities);
      for (int n = 1; n <= orders; n++) {
        // The logarithm of 0 is -infinity: a sum with it is infinite, and so is the perplexity.
        loss[n] -= Math.log(probabilities[n]);
        impossible[n] += probabilities[n] == 0 ? 1 : 0;
        unseen[n] += n <= i + 1 && history.number(n) < 0 ? 1 : 0;
      }
    }
    double[] perplexity = new double[orders + 1];
    for (int n = 1; n <= orders; n++) {
      perplexity[n] = Math.exp(loss[n] / tokens.length);
    }
    return new Evaluation(tokens.length, perplexity, unseen, impossible);
  }

  /** The share of the text's n-grams that were not in what was counted; a text has n-1 n-grams less than tokens. */
  double unseenRate(int n) {
    return unseen[n] / (double) Math.max(1, tokens - n + 1);
  }
}
