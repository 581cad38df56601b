package io.trainyard.spi;

/** Thrown by a task before its first step when its data is not there or does not fit its params; says the way out. */
public final class InvalidDataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidDataException(String message) {
    super(message);
  }
}
