package io.trainyard.toolkit.text;

import java.util.Locale;

/** What a token is; a constant. */
public enum Unit {
  /** A code point of Unicode: what is outside of the first 65,536, most emoji say, is one token and not two. */
  CHAR,

  /**
   * What stands between white space. Each Chinese character (of Unicode's script Han) is a word of its own, because
   * Chinese has no spaces.
   */
  WORD;

  /** As params have it: {@code char}, {@code word}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Unit of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT));
  }
}
