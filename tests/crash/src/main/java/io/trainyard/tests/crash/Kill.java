package io.trainyard.tests.crash;

/** What is killed. */
enum Kill {
  HUB("hub"),
  RUNNER("runner"),
  BOTH("hub and runner"),
  RECOVERING("hub, while it recovers");

  private final String text;

  Kill(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
