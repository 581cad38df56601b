package io.trainyard.store.chunk;

import java.util.TreeMap;

/**
 * Knows since when the oldest reader reads, so that a file goes only when nobody can want it any more. Any thread.
 *
 * <p>Each pin stands in the epoch in which it was taken; each doomed file ends an epoch. A file doomed in epoch e can
 * go when all pins are younger than e: they were taken after the index had forgotten the file's chunks.
 */
final class Pins {
  private final TreeMap<Long, Integer> active = new TreeMap<>();
  private long epoch;

  synchronized ChunkFiles.Pin take() {
    long mine = epoch;
    active.merge(mine, 1, Integer::sum);
    return new Held(this, mine);
  }

  /** Ends the epoch; answers it. */
  synchronized long endEpoch() {
    return epoch++;
  }

  synchronized boolean isOver(long ended) {
    return active.isEmpty() || active.firstKey() > ended;
  }

  private synchronized void release(long mine) {
    active.merge(mine, -1, (a, b) -> a + b == 0 ? null : a + b);
  }

  private static final class Held implements ChunkFiles.Pin {
    private final Pins pins;
    private final long epoch;
    private boolean released;

    Held(Pins pins, long epoch) {
      this.pins = pins;
      this.epoch = epoch;
    }

    @Override
    public void close() {
      if (!released) {
        released = true;
        pins.release(epoch);
      }
    }
  }
}
