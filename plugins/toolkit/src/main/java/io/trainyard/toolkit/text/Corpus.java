package io.trainyard.toolkit.text;

import io.trainyard.spi.InvalidDataException;
import io.trainyard.spi.Run;
import io.trainyard.toolkit.Stopped;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A text as indices, with the vocabulary that gave them: what a language model trains on. Used by the thread that
 * trains.
 *
 * @param name what the text is called
 * @param tokens all of them, as indices of the vocabulary
 * @param trained how many of them, from the first, are to be trained on; the rest is held out
 * @param entropyRate nats a token of the source that has made the text, where that is known: the least that any model
 *     can reach, in the mean
 */
public record Corpus(String name, int[] tokens, int trained, Vocab vocab, OptionalDouble entropyRate) {
  private static final Logger log = LoggerFactory.getLogger(Corpus.class);

  /** A look for a stop between so many bytes. */
  private static final int BLOCK = 1 << 20;

  /**
   * Finds and reads what the run's params name, which must be those of {@link Corpora#params}; makes the vocabulary,
   * and notes in the run's provenance what it is.
   *
   * @throws InvalidDataException if it cannot be had, is not UTF-8, or has no token to train on
   */
  public static Corpus load(Run run) throws IOException {
    Source source = Corpora.find(run);
    Preprocessing how = Corpora.preprocessing(run, source);
    Optional<Vocab> given = Corpora.vocab(run, how);
    Reading reading = Reading.of(run, source, how);
    int[] tokens = reading.numbers;
    int trained = (int) Math.round(run.get(Corpora.SPLIT) * tokens.length);
    if (trained == 0) {
      throw new InvalidDataException(
          "corpus " + source.name() + " has " + tokens.length + " tokens (" + how
              + "), and none to train on with split " + run.get(Corpora.SPLIT)
              + ". Take another corpus, unit or split.");
    }
    boolean all = run.get(Corpora.VOCAB_FROM).equals("all");
    Vocab vocab =
        given.orElseGet(() -> reading.vocab(how, all ? tokens.length : trained, Corpora.rules(run)));
    long unknown = reading.encode(vocab);
    log.info(
        String.format(
            Locale.ROOT, "corpus %s: %,d tokens (%s), %,d to train on; a vocabulary of %,d; %.3f %% unknown",
            source.name(), tokens.length, how, trained, vocab.length(), 100.0 * unknown / tokens.length));
    return new Corpus(source.name(), tokens, trained, vocab, source.entropyRate());
  }

  /** The indices to train on. */
  public int[] train() {
    return Arrays.copyOf(tokens, trained);
  }

  /** The indices that are held out; none with a split of 1. */
  public int[] heldout() {
    return Arrays.copyOfRange(tokens, trained, tokens.length);
  }

  /** The tokens of a text by the order of first occurrence, then as indices, in one array. */
  private static final class Reading implements TokenSink {
    private final TokenPool pool = new TokenPool();
    private final long most;
    private int[] numbers = new int[1 << 16];
    private int size;

    private Reading(long most) {
      this.most = most == 0 ? Integer.MAX_VALUE - 8 : most;
    }

    static Reading of(Run run, Source source, Preprocessing how) throws IOException {
      Reading reading = new Reading(run.get(Corpora.MAX_TOKENS));
      try (TextReader reader = source.open(how, reading)) {
        while (reader.read(BLOCK) == BLOCK) {
          if (run.stopping()) {
            throw new Stopped("reading the corpus");
          }
        }
        Corpora.note(run, source, how, reader.sha256());
      }
      reading.numbers = Arrays.copyOf(reading.numbers, reading.size);
      return reading;
    }

    @Override
    public void token(char[] chars, int from, int to) {
      if (size == most) {
        return;
      }
      if (size == numbers.length) {
        grow();
      }
      numbers[size++] = pool.add(chars, from, to);
    }

    private void grow() {
      try {
        numbers = Arrays.copyOf(numbers, (int) Math.min(Integer.MAX_VALUE - 8L, 1.5 * size));
      } catch (OutOfMemoryError e) {
        throw new InvalidDataException(
            String.format(
                Locale.ROOT,
                "the corpus has more than %,d tokens, and memory has no room for more. Take the first of them with"
                    + " --max-tokens, or --unit word.",
                size));
      }
    }

    /** Of the first so many tokens. */
    Vocab vocab(Preprocessing how, int first, Vocab.Rules rules) {
      long[] counts = new long[pool.size()];
      for (int i = 0; i < first; i++) {
        counts[numbers[i]]++;
      }
      return Vocab.of(how, pool, counts, rules);
    }

    /** Makes indices of the numbers; how many are unknown. */
    long encode(Vocab vocab) {
      int[] indices = new int[pool.size()];
      for (int number = 0; number < indices.length; number++) {
        indices[number] = vocab.index(pool.get(number));
      }
      long unknown = 0;
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = indices[numbers[i]];
        unknown += numbers[i] == vocab.unk() ? 1 : 0;
      }
      return unknown;
    }
  }
}
