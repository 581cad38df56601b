package io.trainyard.runner;

/** How slf4j-simple writes what plugins log; called before the first logger is made. */
final class SimpleLogging {
  private SimpleLogging() {}

  static void configure() {
    String prefix = "org.slf4j.simpleLogger.";
    String[][] defaults = {
      {"showDateTime", "true"},
      {"dateTimeFormat", "HH:mm:ss.SSS"},
      {"showThreadName", "false"},
      {"showShortLogName", "true"},
      // Standard error, the default: standard output is the task's.
    };
    for (String[] it : defaults) {
      if (System.getProperty(prefix + it[0]) == null) {
        System.setProperty(prefix + it[0], it[1]);
      }
    }
  }
}
