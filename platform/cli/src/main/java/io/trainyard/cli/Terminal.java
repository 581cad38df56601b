package io.trainyard.cli;

import java.io.Console;

/** Whether a person is watching. */
final class Terminal {
  /** A line that is drawn again and again is cut at the edge: folded, it could not be drawn over. */
  static final String CUT = "\u001b[?7l";

  static final String FOLD = "\u001b[?7h";

  private Terminal() {}

  /** From JDK 22 there is a console on a pipe too, and it has a method that tells. */
  static boolean there() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException before22) {
      return true;
    }
  }
}
