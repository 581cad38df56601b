package io.trainyard.hub.live;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The last events, numbered without a gap, as many as fit into a number of bytes: what a client that was away, or is slow, still has to
 * get. It is the only queue there is: a client has a position in it and nothing else, so ten slow ones cost what one does. On the feed's
 * event loop.
 */
final class LiveRing {
  private final long maxBytes;
  private @Nullable LiveEvent[] slots = new @Nullable LiveEvent[1024];
  private long first = 1;
  private long last = 0;
  private long bytes;

  LiveRing(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Number of the oldest event that is still here; one more than {@link #last} when there is none. */
  long first() {
    return first;
  }

  /** Number of the newest event; 0 before the first. */
  long last() {
    return last;
  }

  LiveEvent get(long number) {
    LiveEvent event = number < first || number > last ? null : slots[slot(number)];
    if (event == null) {
      throw new IllegalArgumentException("event " + number + " is not in " + first + ".." + last);
    }
    return event;
  }

  void add(LiveEvent event) {
    if (last - first + 1 == slots.length) {
      grow();
    }
    slots[slot(++last)] = event;
    bytes += event.weight;
    while (bytes > maxBytes && first < last) {
      LiveEvent oldest = get(first);
      bytes -= oldest.weight;
      slots[slot(first++)] = null;
    }
  }

  private void grow() {
    @Nullable LiveEvent[] old = slots;
    slots = Arrays.copyOf(old, old.length * 2);
    Arrays.fill(slots, null);
    for (long number = first; number <= last; number++) {
      slots[slot(number)] = old[(int) (number & (old.length - 1))];
    }
  }

  private int slot(long number) {
    return (int) (number & (slots.length - 1));
  }
}
