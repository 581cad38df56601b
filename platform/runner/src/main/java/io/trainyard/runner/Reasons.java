package io.trainyard.runner;

/** What a Throwable says to a person; any thread. */
final class Reasons {
  private Reasons() {}

  /** Its message and, in brackets, its class; the class alone where there is no message. */
  static String of(Throwable error) {
    Throwable told = error;
    while ((told.getMessage() == null || told.getMessage().isBlank()) && told.getCause() != null) {
      told = told.getCause();
    }
    String type = told.getClass().getSimpleName();
    String message = told.getMessage();
    return message == null || message.isBlank() ? type : message.strip() + " (" + type + ")";
  }
}
