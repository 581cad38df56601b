package io.trainyard.runner;

import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often a training is saved.
 *
 * @param nanos after so long, between two blocks of steps; 0 where epochs count
 * @param epochs after so many; 0 where time counts. Both 0: never
 */
record Interval(long nanos, int epochs) {
  static final Interval NEVER = new Interval(0, 0);

  private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,8})(s|epochs)");

  /** Reads {@code 30s}, {@code 2epochs} or {@code never}. */
  static Interval parse(String text) {
    if (text.equals("never")) {
      return NEVER;
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "checkpoint_every is seconds (30s), epochs (2epochs) or never, not \"" + text + "\"");
    }
    int number = Integer.parseInt(form.group(1));
    return form.group(2).equals("s") ? new Interval(TimeUnit.SECONDS.toNanos(number), 0) : new Interval(0, number);
  }

  boolean never() {
    return nanos == 0 && epochs == 0;
  }
}
