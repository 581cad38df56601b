package io.trainyard.runner;

/** A question cannot be answered; the message is a sentence for the person who asked. */
final class PredictionException extends Exception {
  private static final long serialVersionUID = 1L;

  PredictionException(String message) {
    super(message);
  }
}
