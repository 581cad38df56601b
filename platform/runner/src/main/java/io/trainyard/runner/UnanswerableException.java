package io.trainyard.runner;

/** A question cannot be answered; the message is a sentence for the person who asked. */
final class UnanswerableException extends Exception {
  private static final long serialVersionUID = 1L;

  UnanswerableException(String message) {
    super(message);
  }
}
