package io.trainyard.runner;

/** A plugin cannot be used; the message names the JAR, what is wrong with it, and the way out. */
final class PluginException extends Exception {
  private static final long serialVersionUID = 1L;

  PluginException(String message) {
    super(message);
  }

  PluginException(String message, Throwable cause) {
    super(message, cause);
  }
}
