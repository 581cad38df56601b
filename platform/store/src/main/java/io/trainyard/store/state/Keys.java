package io.trainyard.store.state;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The idempotency keys of the last 24 hours, oldest first. Only the writer thread calls, and the opening thread before
 * it.
 */
public final class Keys {
  /** Some 250 bytes each: with more than this in a day the oldest go early rather than the process. */
  private static final int MOST = 1_000_000;

  private final Map<String, KeyEntry> entries = new LinkedHashMap<>();

  public @Nullable KeyEntry find(String key, long now) {
    KeyEntry entry = entries.get(key);
    return entry == null || entry.at() + KeyEntry.LIFE_MILLIS <= now ? null : entry;
  }

  public void put(KeyEntry entry) {
    entries.remove(entry.key());
    entries.put(entry.key(), entry);
    Iterator<KeyEntry> oldest = entries.values().iterator();
    while (oldest.hasNext()) {
      KeyEntry old = oldest.next();
      if (old.at() + KeyEntry.LIFE_MILLIS > entry.at() && entries.size() <= MOST) {
        break;
      }
      oldest.remove();
    }
  }

  public List<KeyEntry> all() {
    return new ArrayList<>(entries.values());
  }
}
