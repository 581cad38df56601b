package io.trainyard.hub.http;

/** What a route asks of its caller. SECURITY.md says who has which. */
public enum Role {
  /** Nothing. */
  OPEN,
  /** To see everything that is kept. */
  READ,
  /** To log runs, and to name, hide and show them. */
  TRACK,
  /** To run code: launch, stop. */
  LAUNCH,
  /** To look after the hub itself. */
  ADMIN;

  /** As in the API. */
  public String text() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
