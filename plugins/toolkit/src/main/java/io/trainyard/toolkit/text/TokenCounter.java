package io.trainyard.toolkit.text;

import java.util.Arrays;
import java.util.List;

/**
 * Counts the tokens of a text and numbers the distinct ones by their first occurrence; a {@link Vocab} is made of it.
 * Used by the thread that reads the text.
 *
 * <p>So that a text of any length can be counted, it knows at most so many distinct tokens; those that come for the
 * first time later are counted together, and {@link #overflow} says how many they were. What is frequent comes early.
 */
public final class TokenCounter implements TokenSink {
  private final Preprocessing how;
  private final int most;
  private final TokenPool pool = new TokenPool();
  private long[] counts = new long[1 << 8];
  private long total;
  private long overflow;
  private boolean closed;

  /**
   * Has counted nothing yet.
   *
   * @param how the tokens are made; it is saved with the vocabulary
   * @param most distinct tokens that it knows, at least 1
   */
  public TokenCounter(Preprocessing how, int most) {
    this.how = how;
    this.most = most;
  }

  /** Knows all distinct tokens that memory has room for. */
  public TokenCounter(Preprocessing how) {
    this(how, Integer.MAX_VALUE);
  }

  @Override
  public void token(char[] chars, int from, int to) {
    add(chars, from, to);
  }

  /** Counts a token; its number, or -1 if it is one of those that are counted together. */
  public int add(char[] chars, int from, int to) {
    if (closed) {
      throw new IllegalStateException("a vocabulary was made of what was counted");
    }
    total++;
    int number = pool.size() < most ? pool.add(chars, from, to) : pool.find(chars, from, to);
    if (number < 0) {
      overflow++;
      return -1;
    }
    if (number == counts.length) {
      counts = Arrays.copyOf(counts, 2 * number);
    }
    counts[number]++;
    return number;
  }

  /** Counts a token; its number. */
  public int add(String token) {
    return add(token.toCharArray(), 0, token.length());
  }

  /** All tokens. */
  public long total() {
    return total;
  }

  /** Tokens that are counted together, because there were too many distinct ones before. */
  public long overflow() {
    return overflow;
  }

  /** How many distinct tokens are known. */
  public int distinct() {
    return pool.size();
  }

  /** A token by its number. */
  public String token(int number) {
    return pool.get(number);
  }

  /** How often it has come. */
  public long count(int number) {
    return counts[number];
  }

  /** What is known with its counts; the most frequent first, then what came first. */
  public List<Vocab.Frequency> frequencies() {
    return Vocab.frequencies(pool, counts);
  }

  /** The vocabulary of what was counted; nothing more is counted after it. */
  public Vocab vocab(Vocab.Rules rules) {
    closed = true;
    return Vocab.of(how, pool, counts, rules);
  }
}
