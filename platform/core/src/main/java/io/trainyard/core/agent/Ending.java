package io.trainyard.core.agent;

import io.trainyard.core.model.RunState;

/**
 * How an attempt has ended.
 *
 * @param reason a sentence; empty where there is nothing to say
 */
record Ending(RunState state, String reason, long at) {
  private static final String[] SIGNALS = {
    "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1",
    "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM"
  };

  /** What the exit status of a process that left no end record says. */
  static String death(java.util.OptionalInt exit) {
    if (exit.isEmpty()) {
      return "The runner ended without saying how; the hub was away when it started, so its exit status is not known.";
    }
    int signal = exit.getAsInt() - 128;
    if (signal > 0 && signal < SIGNALS.length) {
      String hint =
          switch (signal) {
            case 6 -> " A check in native code failed.";
            case 9 -> " Somebody killed it, or the system was out of memory.";
            default -> "";
          };
      return "The runner was killed by signal " + signal + " (" + SIGNALS[signal] + ")." + hint;
    }
    if (signal > 0) {
      return "The runner was killed by signal " + signal + ".";
    }
    return "The runner exited with status " + exit.getAsInt() + " and left no end record.";
  }
}
