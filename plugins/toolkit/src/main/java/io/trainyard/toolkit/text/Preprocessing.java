package io.trainyard.toolkit.text;

import java.util.ArrayList;
import java.util.List;

/**
 * How a text becomes tokens, and tokens become a text; any thread.
 *
 * @param unit what a token is
 * @param normalize what is done before
 */
public record Preprocessing(Unit unit, Normalize normalize) {
  /** The tokens of a short text: a prefix that somebody has typed, say. */
  public List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    Tokenizer tokenizer = new Tokenizer(this, (chars, from, to) -> tokens.add(new String(chars, from, to - from)));
    tokenizer.accept(text.toCharArray(), 0, text.length());
    tokenizer.endOfText();
    return tokens;
  }

  /** The tokens as a text: words with spaces between them, but for Chinese characters; characters as they are. */
  public String join(List<String> tokens) {
    if (unit == Unit.CHAR) {
      return String.join("", tokens);
    }
    StringBuilder text = new StringBuilder();
    boolean before = false;
    for (String token : tokens) {
      boolean han = !token.isEmpty() && Tokenizer.isHan(token.codePointAt(0));
      if (text.length() > 0 && !(han && before)) {
        text.append(' ');
      }
      text.append(token);
      before = han;
    }
    return text.toString();
  }

  /** What tokens add to a text: appended to it, it goes on as {@link #join} has it. */
  public String after(String prefix, List<String> tokens) {
    String text = join(tokens);
    if (unit == Unit.CHAR || prefix.isEmpty() || text.isEmpty()) {
      return text;
    }
    int last = prefix.codePointBefore(prefix.length());
    boolean together = Tokenizer.isHan(last) && Tokenizer.isHan(text.codePointAt(0));
    return together || Character.isWhitespace(last) ? text : " " + text;
  }

  @Override
  public String toString() {
    return unit.id() + ", " + normalize.id();
  }
}
