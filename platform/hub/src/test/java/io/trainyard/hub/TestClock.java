package io.trainyard.hub;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that is turned by hand. */
final class TestClock implements InstantSource {
  private final AtomicLong now = new AtomicLong(1_763_884_800_000L);

  void advance(long millis) {
    now.addAndGet(millis);
  }

  @Override
  public long millis() {
    return now.get();
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }
}
