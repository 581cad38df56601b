package io.trainyard.store.seal;

import io.trainyard.store.state.FrozenHead;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Frozen heads on their way from the writer thread to the sealer. Holds the writer back when too many points wait, but
 * never while the sealer waits for the writer.
 */
final class Backlog {
  /** Enough for one fsync to pay, whatever the delay. */
  private static final long ROUND_POINTS = 500_000;

  private final long mostPoints;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final List<FrozenHead> heads = new ArrayList<>();
  private long points;
  private boolean open;
  private boolean poked;
  private boolean closed;

  Backlog(long mostPoints) {
    this.mostPoints = mostPoints;
  }

  void add(FrozenHead head) {
    lock.lock();
    try {
      heads.add(head);
      points += head.count();
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** There is something to do beside sealing. */
  void poke() {
    lock.lock();
    try {
      poked = true;
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      work.signal();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for something to do; with heads it waits a little longer, so that many series share an fsync. */
  void await(long gatherMillis) throws InterruptedException {
    lock.lock();
    try {
      while (heads.isEmpty() && !poked && !closed) {
        work.await();
      }
      long left = TimeUnit.MILLISECONDS.toNanos(gatherMillis);
      while (!poked && !closed && points < ROUND_POINTS && left > 0) {
        left = work.awaitNanos(left);
      }
      poked = false;
    } finally {
      lock.unlock();
    }
  }

  /** Waits this long, or until it is closed. */
  void pause(long millis) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      while (!closed && left > 0) {
        left = work.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** What waits, in order of arrival. It counts until {@link #done}. */
  List<FrozenHead> waiting() {
    lock.lock();
    try {
      return List.copyOf(heads);
    } finally {
      lock.unlock();
    }
  }

  void done(List<FrozenHead> sealed) {
    lock.lock();
    try {
      heads.subList(0, sealed.size()).clear();
      for (FrozenHead head : sealed) {
        points -= head.count();
      }
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** While open, {@link #awaitRoom} returns at once. */
  void open(boolean value) {
    lock.lock();
    try {
      open = value;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void awaitRoom() throws InterruptedException {
    lock.lock();
    try {
      while (points > mostPoints && !open && !closed) {
        room.await();
      }
    } finally {
      lock.unlock();
    }
  }
}
