package io.trainyard.toolkit.text;

/** Takes the tokens of a text one by one; the thread that reads the text calls. */
public interface TokenSink {
  /**
   * The next token is {@code chars[from]} up to, without, {@code chars[to]}. The array is reused: what is to be kept is
   * to be copied.
   */
  void token(char[] chars, int from, int to);
}
