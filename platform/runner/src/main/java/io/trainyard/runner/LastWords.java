package io.trainyard.runner;

import io.trainyard.client.SpoolWriter;

/**
 * Writes the end record of a training that did not come to its own end: a task that calls {@code System.exit}, or a
 * signal. Runs as a shutdown hook; does nothing after a proper end, which the spool has already.
 */
final class LastWords implements Runnable {
  private final SpoolWriter spool;

  LastWords(SpoolWriter spool) {
    this.spool = spool;
  }

  @Override
  public void run() {
    if (spool.control().ended()) {
      return;
    }
    String exit = caller();
    if (!exit.isEmpty()) {
      spool.end("FAILED", "the task called System.exit, " + exit, System.currentTimeMillis());
    } else if (spool.stopRequested()) {
      spool.end("STOPPED", "stopped by a signal", System.currentTimeMillis());
    } else {
      spool.end("FAILED", "the runner was ended by a signal", System.currentTimeMillis());
    }
  }

  /**
   * Where a thread waits in System.exit for this hook: "at Foo.train(Foo.java:12)"; empty when none does, as after a
   * signal.
   */
  private static String caller() {
    for (StackTraceElement[] stack : Thread.getAllStackTraces().values()) {
      for (int i = 0; i + 1 < stack.length; i++) {
        boolean exit = stack[i].getMethodName().equals("exit") && stack[i].getClassName().equals("java.lang.Runtime");
        if (exit) {
          boolean system = stack[i + 1].getClassName().equals("java.lang.System") && i + 2 < stack.length;
          StackTraceElement by = stack[system ? i + 2 : i + 1];
          String line = by.getFileName() + ":" + by.getLineNumber();
          return "at " + by.getClassName() + "." + by.getMethodName() + "(" + line + ")";
        }
      }
    }
    return "";
  }
}
