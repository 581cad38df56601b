package io.trainyard.hub.live;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What the meters want to know of the feed. Any thread may read. */
public final class LiveStats {
  final AtomicInteger clients = new AtomicInteger();
  final LongAdder sent = new LongAdder();
  final LongAdder dropped = new LongAdder();
  final LongAdder closed = new LongAdder();

  public int clients() {
    return clients.get();
  }

  /** Events written to clients. */
  public long sent() {
    return sent.sum();
  }

  /** Events that a slow client did not get as they were: merged with later ones, or announced as a gap. */
  public long dropped() {
    return dropped.sum();
  }

  /** Clients that took nothing for so long that they were let go. */
  public long closed() {
    return closed.sum();
  }
}
