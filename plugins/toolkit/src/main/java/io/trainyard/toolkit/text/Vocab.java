package io.trainyard.toolkit.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Numbers the tokens of a text: what a model works with are indices, 0 to {@link #length()} - 1. Any thread, for it
 * never changes.
 *
 * <pre>{@code
 * Vocab vocab = Vocab.of(List.of("a", "b", "a"), Vocab.Rules.DEFAULT);
 * vocab.index("b");          // 2, for <unk> is 0 and "a" comes first
 * vocab.index("never seen"); // 0, <unk>
 * vocab.token(1);            // "a"
 * vocab.frequency("a");      // 2
 * }</pre>
 *
 * <p>{@code <unk>} stands for all tokens that it does not have. A special token that also comes in the text (the text
 * of WikiText-2 has {@code <unk>} in it) is that special token and has one index.
 *
 * <p>It knows how its tokens were made, so {@link #encode} and {@link #decode} take texts; and it is saved with that,
 * so that a file {@code vocab.json} is all that another run needs.
 */
public final class Vocab {
  /** Fills what is shorter than its batch; index 0 where there are special tokens. */
  public static final String PAD = "<pad>";

  /** Begins a sequence; index 1 where there are special tokens. */
  public static final String BOS = "<bos>";

  /** Ends a sequence; index 2 where there are special tokens. */
  public static final String EOS = "<eos>";

  /** Stands for a token that is not known; index 3 where there are special tokens, else 0. */
  public static final String UNK = "<unk>";

  private static final List<String> ALL_SPECIAL = List.of(PAD, BOS, EOS, UNK);
  private static final List<String> UNKNOWN_ONLY = List.of(UNK);

  private final Preprocessing how;
  private final Rules rules;
  private final List<String> special;

  /** All tokens of the text with their counts, dropped ones too, by number: the order of first occurrence. */
  private final TokenPool pool;

  private final long[] counts;

  /** The index of each number; unk for what was dropped. */
  private final int[] indexOf;

  /** The number of each index, but of the special ones, which need not be in the text. */
  private final int[] numberOf;

  private Vocab(Preprocessing how, Rules rules, TokenPool pool, long[] counts) {
    this.how = how;
    this.rules = rules;
    this.special = rules.specialTokens ? ALL_SPECIAL : UNKNOWN_ONLY;
    this.pool = pool;
    this.counts = counts;
    this.indexOf = new int[pool.size()];
    Arrays.fill(indexOf, special.size() - 1);
    int[] special = this.special.stream().mapToInt(pool::find).toArray();
    int[] kept =
        IntStream.range(0, pool.size())
            .filter(it -> counts[it] >= rules.minFreq && Arrays.stream(special).noneMatch(one -> one == it))
            .toArray();
    if (rules.order == Order.FREQUENCY) {
      kept = byFrequency(Arrays.stream(kept), counts);
    }
    this.numberOf = new int[special.length + kept.length];
    System.arraycopy(special, 0, numberOf, 0, special.length);
    System.arraycopy(kept, 0, numberOf, special.length, kept.length);
    for (int index = 0; index < numberOf.length; index++) {
      if (numberOf[index] >= 0) {
        indexOf[numberOf[index]] = index;
      }
    }
  }

  /** Of these tokens, in the order of the text; they are taken for words of a text that was left as it is. */
  public static Vocab of(Iterable<String> tokens, Rules rules) {
    return of(new Preprocessing(Unit.WORD, Normalize.NONE), tokens, rules);
  }

  /** Of these tokens, in the order of the text. */
  public static Vocab of(Preprocessing how, Iterable<String> tokens, Rules rules) {
    TokenCounter counter = new TokenCounter(how);
    tokens.forEach(counter::add);
    return counter.vocab(rules);
  }

  /**
   * Of tokens that are counted.
   *
   * @param all is not to change any more, and the counts neither
   * @param counts by the pool's numbers; what has 0 does not count as seen
   */
  static Vocab of(Preprocessing how, TokenPool all, long[] counts, Rules rules) {
    if (Arrays.stream(counts, 0, all.size()).allMatch(it -> it > 0)) {
      return new Vocab(how, rules, all, counts);
    }
    TokenPool seen = new TokenPool();
    long[] seenCounts = new long[all.size()];
    for (int number = 0; number < all.size(); number++) {
      if (counts[number] > 0) {
        seenCounts[all.copyTo(seen, number)] = counts[number];
      }
    }
    return new Vocab(how, rules, seen, seenCounts);
  }

  /** How its tokens were made. */
  public Preprocessing preprocessing() {
    return how;
  }

  /** How it was chosen what is in it. */
  public Rules rules() {
    return rules;
  }

  /** How many tokens it has, special ones included. */
  public int length() {
    return numberOf.length;
  }

  /** The index of {@code <unk>}. */
  public int unk() {
    return special.size() - 1;
  }

  /** The tokens with the first indices: {@code <unk>}, or all four. */
  public List<String> special() {
    return special;
  }

  /** Whether it has this token. */
  public boolean contains(String token) {
    return index(token) != unk() || token.equals(UNK);
  }

  /** The index of a token; that of {@code <unk>} for one that it does not have. */
  public int index(String token) {
    int number = pool.find(token);
    return number < 0 ? unseen(token) : indexOf[number];
  }

  /** The index of the token in {@code chars} from {@code from} up to, without, {@code to}. */
  public int index(char[] chars, int from, int to) {
    int number = pool.find(chars, from, to);
    return number < 0 ? unseen(new String(chars, from, to - from)) : indexOf[number];
  }

  private int unseen(String token) {
    int index = special.indexOf(token);
    return index < 0 ? unk() : index;
  }

  /**
   * The indices of tokens in lists, and in lists of lists, however deep: the answer has the same shape.
   *
   * @throws IllegalArgumentException if there is something else than strings and lists in them
   */
  public List<Object> indices(List<?> tokens) {
    List<Object> indices = new ArrayList<>(tokens.size());
    for (Object one : tokens) {
      if (one instanceof List<?> inner) {
        indices.add(indices(inner));
      } else if (one instanceof String token) {
        indices.add(index(token));
      } else {
        throw new IllegalArgumentException("a token is a String, not " + described(one));
      }
    }
    return indices;
  }

  /**
   * The token with an index.
   *
   * @throws IndexOutOfBoundsException names the indices that there are
   */
  public String token(int index) {
    if (index < 0 || index >= numberOf.length) {
      throw new IndexOutOfBoundsException(
          "index " + index + " is not in the vocabulary, which has " + numberOf.length + " tokens: 0 to "
              + (numberOf.length - 1));
    }
    return index < special.size() ? special.get(index) : pool.get(numberOf[index]);
  }

  /**
   * The tokens of indices in lists, and in lists of lists, however deep: the answer has the same shape.
   *
   * @throws IndexOutOfBoundsException names the indices that there are
   * @throws IllegalArgumentException if there is something else than integers and lists in them
   */
  public List<Object> tokens(List<?> indices) {
    List<Object> tokens = new ArrayList<>(indices.size());
    for (Object one : indices) {
      if (one instanceof List<?> inner) {
        tokens.add(tokens(inner));
      } else if (one instanceof Integer index) {
        tokens.add(token(index));
      } else {
        throw new IllegalArgumentException("an index is an Integer, not " + described(one));
      }
    }
    return tokens;
  }

  private static String described(Object value) {
    return value == null ? "null" : value + " (" + value.getClass().getSimpleName() + ")";
  }

  /** The indices of the tokens of a text. */
  public int[] encode(String text) {
    return how.tokens(text).stream().mapToInt(this::index).toArray();
  }

  /** The text of indices; what was unknown is {@code <unk>} in it. */
  public String decode(int... indices) {
    return how.join(Arrays.stream(indices).mapToObj(this::token).toList());
  }

  /** How often a token came in the text, whether it was kept or dropped; 0 if it did not. */
  public long frequency(String token) {
    int number = pool.find(token);
    return number < 0 ? 0 : counts[number];
  }

  /**
   * All tokens of the text with their counts, dropped ones too; the most frequent first, then the one that came first.
   */
  public List<Frequency> frequencies() {
    return frequencies(pool, counts);
  }

  static List<Frequency> frequencies(TokenPool pool, long[] counts) {
    int[] sorted = byFrequency(IntStream.range(0, pool.size()), counts);
    return new AbstractList<>() {
      @Override
      public Frequency get(int i) {
        return new Frequency(pool.get(sorted[i]), counts[sorted[i]]);
      }

      @Override
      public int size() {
        return sorted.length;
      }
    };
  }

  private static int[] byFrequency(IntStream numbers, long[] counts) {
    return numbers
        .boxed()
        .sorted(Comparator.comparingLong((Integer it) -> -counts[it]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Distinct tokens of the text. */
  int distinct() {
    return pool.size();
  }

  /** The token that came as the so many-th distinct one, from 0, with its count. */
  Frequency seen(int number) {
    return new Frequency(pool.get(number), counts[number]);
  }

  /** Writes it as JSON to a file, which is replaced if it is there. */
  public void save(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      VocabJson.write(this, out);
    }
  }

  /**
   * Reads what {@link #save} has written.
   *
   * @throws IOException names the file, and what is wrong with it
   */
  public static Vocab load(Path file) throws IOException {
    return ofJson(Files.readAllBytes(file), file.toString());
  }

  /** What {@link #save} writes: to be part of a checkpoint, say. */
  public byte[] toJson() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      VocabJson.write(this, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail to be written", e);
    }
    return bytes.toByteArray();
  }

  /**
   * From what {@link #toJson} gave.
   *
   * @param where it comes from, for the error
   * @throws IOException says where and what is wrong
   */
  public static Vocab ofJson(byte[] json, String where) throws IOException {
    return VocabJson.read(json, where);
  }

  /** The order of the tokens that are not special. */
  public enum Order {
    /** As they come in the text. */
    FIRST,

    /** The most frequent first; of those that are as frequent, the one that comes first. */
    FREQUENCY;

    /** As params have it: {@code first}, {@code frequency}. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Order of(String id) {
      return valueOf(id.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * What is in a vocabulary.
   *
   * @param minFreq a token is kept when it comes at least so often; 0 and 1 keep all
   * @param specialTokens whether {@code <pad> <bos> <eos> <unk>} have the indices 0 to 3; else {@code <unk>} alone has
   *     the index 0
   * @param order of the others
   */
  public record Rules(int minFreq, boolean specialTokens, Order order) {
    /** Every token, after {@code <unk>}, as they come. */
    public static final Rules DEFAULT = new Rules(1, false, Order.FIRST);

    public Rules {
      if (minFreq < 0) {
        throw new IllegalArgumentException("min_freq must be 0 or more, but is " + minFreq);
      }
    }
  }

  /** A token, and how often it came. */
  public record Frequency(String token, long count) {}
}
