package io.trainyard.ngramlm;

import io.trainyard.spi.LanguageModel.Factor;
import io.trainyard.spi.LanguageModel.Prompt;
import io.trainyard.toolkit.text.Draw;
import io.trainyard.toolkit.text.Vocab;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Counts with a way to make probabilities of them: it judges texts and makes some. Used by the thread that asks. */
final class Model {
  private final Counts counts;
  private final Smoothing smoothing;
  private final Vocab vocab;

  Model(Counts counts, Smoothing smoothing, Vocab vocab) {
    this.counts = counts.sum();
    this.smoothing = smoothing;
    this.vocab = vocab;
  }

  int orders() {
    return counts.orders();
  }

  Counts counts() {
    return counts;
  }

  Vocab vocab() {
    return vocab;
  }

  /** The probability of a token after a history, for each order from 1; fills {@code into} and goes on. */
  void next(History history, int token, double[] into) {
    int[] with = history.with(token, orders());
    smoothing.probabilities(counts, history, with, into);
    history.add(with);
  }

  /** The probability of each token of the vocabulary after a history, by the model of one order. */
  double[] distribution(History history, int order) {
    double[] all = new double[vocab.length()];
    double[] orders = new double[order + 1];
    for (int token = 0; token < all.length; token++) {
      smoothing.probabilities(counts, history, history.with(token, order), orders);
      all[token] = orders[order];
    }
    return all;
  }

  /** The factors of a text by the model of the highest order. */
  List<Factor> score(String text) {
    List<String> tokens = Arrays.stream(vocab.encode(text)).mapToObj(vocab::token).toList();
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException(
          "the text has no token: nothing of it is left by the preprocessing (" + vocab.preprocessing() + ")");
    }
    List<Factor> factors = new ArrayList<>();
    History history = new History(counts);
    double[] probabilities = new double[orders() + 1];
    for (int i = 0; i < tokens.size(); i++) {
      List<String> given = tokens.subList(i - history.length(), i);
      next(history, vocab.index(tokens.get(i)), probabilities);
      factors.add(new Factor(tokens.get(i), given, probabilities[orders()]));
    }
    return factors;
  }

  /** What the model of one order goes on with. */
  String generate(Prompt prompt, int order) {
    History history = new History(counts);
    for (int token : vocab.encode(prompt.prefix())) {
      history.add(token);
    }
    Random random = new Random(prompt.seed());
    List<String> made = new ArrayList<>();
    for (int i = 0; i < prompt.length(); i++) {
      int token = Draw.index(sampled(history, order), prompt.temperature(), random);
      made.add(vocab.token(token));
      history.add(token);
    }
    return vocab.preprocessing().after(prompt.prefix(), made);
  }

  /** Maximum likelihood says nothing about what follows an unseen history: a shorter one is taken then. */
  private double[] sampled(History history, int order) {
    for (int n = order; ; n--) {
      double[] distribution = distribution(history, n);
      if (n == 1 || Arrays.stream(distribution).anyMatch(it -> it > 0)) {
        return distribution;
      }
    }
  }
}
