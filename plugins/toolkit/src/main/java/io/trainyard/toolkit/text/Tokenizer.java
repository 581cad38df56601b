package io.trainyard.toolkit.text;

import io.trainyard.spi.InvalidDataException;
import java.util.Arrays;

/**
 * Cuts a text that comes in pieces into tokens. Used by the thread that reads the text.
 *
 * <p>It holds back at most one word, so a text of any length goes through it.
 */
final class Tokenizer {
  /** A million characters without a space are no words. */
  private static final int LONGEST_WORD = 1 << 20;

  /** Before the first Chinese character of Unicode there are 11,904 others, which need no table to be told apart. */
  private static final int FIRST_HAN = 0x2E80;

  private final Normalize normalize;
  private final boolean words;
  private final TokenSink sink;
  private char[] word = new char[64];
  private int length;

  /** Of the line in hand, with the course's preprocessing: whether a letter was seen, and then something else. */
  private boolean letters;

  private boolean gap;

  Tokenizer(Preprocessing how, TokenSink sink) {
    this.normalize = how.normalize();
    this.words = how.unit() == Unit.WORD;
    this.sink = sink;
  }

  /** The next piece; it never ends within a surrogate pair. */
  void accept(char[] chars, int from, int to) {
    if (normalize == Normalize.COURSE) {
      course(chars, from, to);
    } else if (words) {
      words(chars, from, to);
    } else {
      characters(chars, from, to);
    }
  }

  /** The end of a file: a word that has begun ends here, and a line. */
  void endOfText() {
    endOfWord();
    letters = false;
    gap = false;
  }

  private void course(char[] chars, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = chars[i];
      if (c >= 'A' && c <= 'Z') {
        c += 'a' - 'A';
      }
      if (c >= 'a' && c <= 'z') {
        if (words) {
          append(c);
        } else {
          if (gap) {
            one(' ');
            gap = false;
          }
          one(c);
          letters = true;
        }
      } else if (words) {
        endOfWord();
      } else if (c == '\n' || c == '\r') {
        letters = false;
        gap = false;
      } else {
        gap = letters;
      }
    }
  }

  private void characters(char[] chars, int from, int to) {
    boolean lower = normalize == Normalize.LOWER;
    for (int i = from; i < to; ) {
      char c = chars[i];
      int count = Character.isHighSurrogate(c) && i + 1 < to && Character.isLowSurrogate(chars[i + 1]) ? 2 : 1;
      if (!lower || c < 'A') {
        sink.token(chars, i, i + count);
      } else {
        int small = Character.toLowerCase(Character.codePointAt(chars, i, to));
        sink.token(word, 0, Character.toChars(small, word, 0));
      }
      i += count;
    }
  }

  private void words(char[] chars, int from, int to) {
    boolean lower = normalize == Normalize.LOWER;
    for (int i = from; i < to; ) {
      char c = chars[i];
      if (c < 128) {
        i++;
        if (c <= ' ' && isSpace(c)) {
          endOfWord();
        } else {
          append(lower && c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
        }
        continue;
      }
      int codePoint = Character.codePointAt(chars, i, to);
      i += Character.charCount(codePoint);
      if (isSpace(codePoint)) {
        endOfWord();
      } else if (isHan(codePoint)) {
        endOfWord();
        append(codePoint);
        endOfWord();
      } else {
        append(lower ? Character.toLowerCase(codePoint) : codePoint);
      }
    }
  }

  /** Spaces that do not break a line are spaces too. */
  private static boolean isSpace(int codePoint) {
    return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint);
  }

  static boolean isHan(int codePoint) {
    return codePoint >= FIRST_HAN && Character.UnicodeScript.of(codePoint) == Character.UnicodeScript.HAN;
  }

  private void one(char c) {
    word[0] = c;
    sink.token(word, 0, 1);
  }

  private void append(int codePoint) {
    if (Character.isBmpCodePoint(codePoint)) {
      append((char) codePoint);
    } else {
      append(Character.highSurrogate(codePoint));
      append(Character.lowSurrogate(codePoint));
    }
  }

  private void append(char c) {
    if (length == word.length) {
      if (length == LONGEST_WORD) {
        throw new InvalidDataException(
            "the text has a word of more than " + LONGEST_WORD + " characters, beginning with "
                + new String(word, 0, 40) + ". Take unit=char for a text without spaces.");
      }
      word = Arrays.copyOf(word, 2 * length);
    }
    word[length++] = c;
  }

  private void endOfWord() {
    if (length > 0) {
      sink.token(word, 0, length);
      length = 0;
    }
  }
}
