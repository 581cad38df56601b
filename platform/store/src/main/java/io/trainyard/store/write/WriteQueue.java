package io.trainyard.store.write;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the writer thread: bounded in changes and in points, so that a slow disk cannot fill the memory. Any
 * thread puts.
 */
final class WriteQueue {
  private final int mostItems;
  private final long mostPoints;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final ArrayDeque<Pending> items = new ArrayDeque<>();
  private long points;
  private boolean closed;

  WriteQueue(int mostItems, long mostPoints) {
    this.mostItems = mostItems;
    this.mostPoints = mostPoints;
  }

  enum Put {
    DONE,
    FULL,
    CLOSED
  }

  /** A batch larger than the whole bound is taken when nothing else waits. */
  Put put(Pending item) {
    lock.lock();
    try {
      if (closed) {
        return Put.CLOSED;
      }
      if (!item.isControl() && !items.isEmpty() && (items.size() >= mostItems || points + item.points() > mostPoints)) {
        return Put.FULL;
      }
      items.add(item);
      points += item.points();
      filled.signal();
      return Put.DONE;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Everything that waits, up to so many points. Waits for something; empty after this time, or when closed and
   * drained.
   */
  List<Pending> take(long atMostPoints, long timeoutMillis) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
      while (items.isEmpty() && !closed && left > 0) {
        left = filled.awaitNanos(left);
      }
      List<Pending> taken = new ArrayList<>(Math.min(items.size(), 1024));
      long sum = 0;
      while (!items.isEmpty() && (taken.isEmpty() || sum + items.peek().points() <= atMostPoints)) {
        Pending item = items.remove();
        sum += item.points();
        taken.add(item);
      }
      points -= sum;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean drained() {
    lock.lock();
    try {
      return closed && items.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return items.size();
    } finally {
      lock.unlock();
    }
  }
}
