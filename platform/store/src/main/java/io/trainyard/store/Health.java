package io.trainyard.store;

import io.trainyard.core.store.StoreException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Whether the store takes writes, and what of it is damaged. The store's threads report, any thread asks. */
public final class Health {
  private final CopyOnWriteArrayList<String> damage = new CopyOnWriteArrayList<>();
  private volatile @Nullable String full;
  private volatile @Nullable String failed;

  /** For as long as the disk is full. */
  public void full(String reason) {
    full = reason;
  }

  public void roomAgain() {
    full = null;
  }

  /** For good: what is on the disk is not known any more. The first reason counts. */
  public synchronized void failed(String reason) {
    if (failed == null) {
      failed = reason;
    }
  }

  public boolean isFull() {
    return full != null;
  }

  public boolean hasFailed() {
    return failed != null;
  }

  public boolean writable() {
    return full == null && failed == null;
  }

  public String reason() {
    String worst = failed != null ? failed : full;
    return worst == null ? "" : worst;
  }

  /** What a write is refused with; null when it is not. */
  public @Nullable StoreException refusal() {
    String stopped = failed;
    if (stopped != null) {
      return new StoreException.Unusable(stopped);
    }
    String noRoom = full;
    return noRoom == null ? null : new StoreException.ReadOnly(noRoom);
  }

  public void damaged(String sentence) {
    damage.addIfAbsent(sentence);
  }

  public List<String> damage() {
    return List.copyOf(damage);
  }
}
