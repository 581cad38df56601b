package io.trainyard.toolkit.text;

import java.util.Locale;

/** What is done to a text before it is cut into tokens; a constant. */
public enum Normalize {
  /**
   * As the course prepares The Time Machine: in each line whatever is not a letter from a to z becomes one space, none
   * at its ends, and letters are made small. Lines follow each other without anything between them.
   */
  COURSE,

  /** Letters are made small, code point by code point; nothing else changes. */
  LOWER,

  /** The text as it is, line feeds included. */
  NONE;

  /** As params have it: {@code course}, {@code lower}, {@code none}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Normalize of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT));
  }
}
