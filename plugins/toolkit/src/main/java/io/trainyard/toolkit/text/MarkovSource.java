package io.trainyard.toolkit.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A made-up language whose entropy is known exactly: no model of its texts has a lower perplexity than
 * {@link #perplexity}, in the mean, and one that has learned it comes close. One thread.
 *
 * <p>It is a Markov chain: what comes next depends on the last {@code order} symbols. Its states are those that can be
 * reached, each with the probabilities of its few successors. The stationary distribution p solves p = pP, by Gaussian
 * elimination, and the entropy rate is the mean over p of the entropies of the rows of P:
 *
 * <pre>H = - sum_i p_i sum_j P_ij ln P_ij   nats a symbol</pre>
 *
 * <p>Everything is made from fixed seeds by the JDK's specified {@code Random} and {@code StrictMath}, so that the text
 * is the same, byte for byte, on every machine.
 */
final class MarkovSource {
  private static final long SEED = 20_261_123;

  private static final String VOWELS = "aeiou";
  private static final String CONSONANTS = "bcdfghjklmnpqrstvwxyz";

  private static final int WORDS = 200;
  private static final int WORDS_AFTER = 8;
  private static final int CHARACTERS = 200_000;
  private static final int WORDS_OF_TEXT = 200_000;

  private final List<String> symbols;
  private final String separator;
  private final int length;

  /** By state: the successors as symbols, their probabilities, and the states to which they lead. */
  private final List<int[]> successors = new ArrayList<>();

  private final List<double[]> probabilities = new ArrayList<>();
  private final List<int[]> next = new ArrayList<>();

  private MarkovSource(List<String> symbols, String separator, int length) {
    this.symbols = symbols;
    this.separator = separator;
    this.length = length;
  }

  /** The one for this unit. */
  static MarkovSource of(Unit unit) {
    return unit == Unit.CHAR ? letters() : words();
  }

  /**
   * Letters and the space; the next one depends on the last two. After a consonant comes a vowel, after a vowel one of
   * four consonants or the space, after the space one of five consonants. How likely each is depends on the one before
   * it too: the logarithm of its weight is a sum of a part for each of the two.
   */
  private static MarkovSource letters() {
    Random random = new Random(SEED);
    String alphabet = VOWELS + CONSONANTS + " ";
    int n = alphabet.length();
    List<Integer> consonants = new ArrayList<>(IntStream.range(VOWELS.length(), n - 1).boxed().toList());
    Collections.shuffle(consonants, random);
    int[][] after = new int[n][];
    for (int vowel = 0; vowel < VOWELS.length(); vowel++) {
      IntStream dealt = consonants.subList(4 * vowel, 4 * vowel + 4).stream().mapToInt(it -> it);
      after[vowel] = IntStream.concat(dealt, IntStream.of(n - 1)).toArray();
    }
    for (int consonant : consonants) {
      after[consonant] = IntStream.range(0, VOWELS.length()).toArray();
    }
    // The one that no vowel has got is among them, so that every letter comes.
    after[n - 1] = consonants.subList(consonants.size() - 5, consonants.size()).stream().mapToInt(it -> it).toArray();
    double[][] last = new double[n][n];
    double[][] before = new double[n][n];
    for (int b = 0; b < n; b++) {
      for (int c = 0; c < n; c++) {
        last[b][c] = random.nextGaussian();
        before[b][c] = 1.5 * random.nextGaussian();
      }
    }
    MarkovSource source = new MarkovSource(List.of(alphabet.split("")), "", CHARACTERS);
    Map<Integer, Integer> states = new HashMap<>();
    List<Integer> found = new ArrayList<>();
    // A pair is a state: the symbol before the last, and the last. The text begins as if after "a ".
    source.state(states, found, n - 1);
    for (int state = 0; state < found.size(); state++) {
      int a = found.get(state) / n;
      int b = found.get(state) % n;
      int[] symbolsAfter = after[b];
      double[] weights = new double[symbolsAfter.length];
      int[] to = new int[symbolsAfter.length];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = StrictMath.exp(last[b][symbolsAfter[i]] + before[a][symbolsAfter[i]]);
        to[i] = source.state(states, found, b * n + symbolsAfter[i]);
      }
      source.add(symbolsAfter, weights, to);
    }
    return source;
  }

  /** Made-up words; the next one depends on the last. The frequent ones are those that come after many others. */
  private static MarkovSource words() {
    Random random = new Random(SEED);
    Set<String> made = new HashSet<>();
    List<String> symbols = new ArrayList<>();
    while (symbols.size() < WORDS) {
      StringBuilder word = new StringBuilder();
      for (int syllables = 1 + random.nextInt(3); syllables > 0; syllables--) {
        word.append(CONSONANTS.charAt(random.nextInt(CONSONANTS.length())));
        word.append(VOWELS.charAt(random.nextInt(VOWELS.length())));
      }
      if (made.add(word.toString())) {
        symbols.add(word.toString());
      }
    }
    MarkovSource source = new MarkovSource(List.copyOf(symbols), " ", WORDS_OF_TEXT);
    for (int word = 0; word < WORDS; word++) {
      int[] after = new int[WORDS_AFTER];
      // One of them is the next in a circle through all words, so that each can be reached from each.
      after[0] = (word + 1) % WORDS;
      for (int i = 1; i < after.length; ) {
        // Of rank r with a probability of 1/r, nearly: as words of languages are.
        int candidate = (int) (StrictMath.pow(WORDS, random.nextDouble())) - 1;
        int[] sofar = Arrays.copyOf(after, i);
        if (Arrays.stream(sofar).noneMatch(it -> it == candidate)) {
          after[i++] = candidate;
        }
      }
      double[] weights = new double[after.length];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = StrictMath.exp(random.nextGaussian());
      }
      source.add(after, weights, after);
    }
    return source;
  }

  private int state(Map<Integer, Integer> states, List<Integer> found, int pair) {
    return states.computeIfAbsent(
        pair,
        it -> {
          found.add(it);
          return found.size() - 1;
        });
  }

  private void add(int[] symbols, double[] weights, int[] to) {
    double sum = Arrays.stream(weights).sum();
    successors.add(symbols);
    probabilities.add(Arrays.stream(weights).map(it -> it / sum).toArray());
    next.add(to);
  }

  int states() {
    return next.size();
  }

  /** How likely each state is in the long run. */
  double[] stationary() {
    int n = states();
    // (P' - 1) p = 0, with one of these equations, which follow from each other, replaced by: the sum is 1.
    double[][] a = new double[n][n + 1];
    for (int i = 0; i < n; i++) {
      a[i][i] = -1;
    }
    for (int from = 0; from < n; from++) {
      for (int k = 0; k < next.get(from).length; k++) {
        a[next.get(from)[k]][from] += probabilities.get(from)[k];
      }
    }
    Arrays.fill(a[n - 1], 1);
    return solve(a);
  }

  /** Of linear equations, by elimination with the largest pivot of each column. */
  private static double[] solve(double[][] a) {
    int n = a.length;
    for (int column = 0; column < n; column++) {
      int pivot = column;
      for (int row = column + 1; row < n; row++) {
        if (Math.abs(a[row][column]) > Math.abs(a[pivot][column])) {
          pivot = row;
        }
      }
      double[] swapped = a[pivot];
      a[pivot] = a[column];
      a[column] = swapped;
      for (int row = 0; row < n; row++) {
        double factor = row == column ? 0 : a[row][column] / swapped[column];
        for (int k = column; factor != 0 && k <= n; k++) {
          a[row][k] -= factor * swapped[k];
        }
      }
    }
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = a[i][n] / a[i][i];
    }
    return x;
  }

  /** Nats a symbol. */
  double entropyRate() {
    double[] stationary = stationary();
    double rate = 0;
    for (int state = 0; state < states(); state++) {
      double entropy = 0;
      for (double p : probabilities.get(state)) {
        entropy -= p * StrictMath.log(p);
      }
      rate += stationary[state] * entropy;
    }
    return rate;
  }

  /** The best that a model of its texts can reach. */
  double perplexity() {
    return Math.exp(entropyRate());
  }

  /** A text of it, in ASCII. */
  byte[] text() {
    Random random = new Random(SEED + 1);
    StringBuilder text = new StringBuilder();
    int state = 0;
    for (int i = 0; i < length; i++) {
      double[] p = probabilities.get(state);
      double left = random.nextDouble();
      int k = 0;
      while (k < p.length - 1 && left >= p[k]) {
        left -= p[k++];
      }
      text.append(i > 0 ? separator : "").append(symbols.get(successors.get(state)[k]));
      state = next.get(state)[k];
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
