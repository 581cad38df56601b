package io.trainyard.store.view;

/** The view is not what was written to it. It is thrown away and built again; nothing is lost. */
public final class ViewDamaged extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ViewDamaged(String message) {
    super(message);
  }

  ViewDamaged(String message, Throwable cause) {
    super(message, cause);
  }
}
