package io.trainyard.textpreprocessing;

import io.trainyard.toolkit.text.Preprocessing;
import io.trainyard.toolkit.text.TokenCounter;
import io.trainyard.toolkit.text.TokenSink;
import java.util.ArrayList;
import java.util.List;

/** Counts the tokens of a text, the pairs and the triples of them, as they come. Used by the thread that reads. */
final class Tally implements TokenSink {
  /** A triple of tokens is one number of 63 bits. */
  private static final int BITS = 21;

  static final int MOST = (1 << BITS) - 1;
  private static final int SAMPLE = 60;

  private final TokenCounter tokens;
  private final FrequentItems pairs;
  private final FrequentItems triples;
  private final List<String> beginning = new ArrayList<>();

  /** The last two tokens as one number, and how many of them are known. */
  private long last;

  private int known;

  /** Knows so many distinct tokens, pairs and triples. */
  Tally(Preprocessing how, int most) {
    this.tokens = new TokenCounter(how, most);
    this.pairs = new FrequentItems(most);
    this.triples = new FrequentItems(most);
  }

  @Override
  public void token(char[] chars, int from, int to) {
    if (beginning.size() < SAMPLE) {
      beginning.add(new String(chars, from, to - from));
    }
    int number = tokens.add(chars, from, to);
    if (number < 0) {
      known = 0;
      return;
    }
    long with = last << BITS | number;
    if (known >= 1) {
      pairs.add(with & (1L << 2 * BITS) - 1);
    }
    if (known >= 2) {
      triples.add(with);
    }
    last = with & (1L << 2 * BITS) - 1;
    known = Math.min(2, known + 1);
  }

  TokenCounter tokens() {
    return tokens;
  }

  FrequentItems pairs() {
    return pairs;
  }

  FrequentItems triples() {
    return triples;
  }

  /** The first tokens of the text. */
  List<String> beginning() {
    return beginning;
  }

  /** The tokens of a pair or a triple. */
  List<String> words(long item, int count) {
    List<String> words = new ArrayList<>();
    for (int i = count - 1; i >= 0; i--) {
      words.add(tokens.token((int) (item >>> i * BITS & MOST)));
    }
    return words;
  }
}
