package io.trainyard.store.chunk;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Keeps what was decoded lately, up to a number of bytes. Any thread; a lookup holds the lock some 50 ns. */
final class ChunkCache<V> {
  private record Entry<V>(V value, long bytes) {}

  /** A map's entry, two records and an array's header. */
  private static final int OVERHEAD = 160;

  private final Map<Frame.Place, Entry<V>> entries = new LinkedHashMap<>(64, 0.75f, true);
  private final long limit;
  private final ToLongFunction<V> weight;
  private long bytes;

  ChunkCache(long limit, ToLongFunction<V> weight) {
    this.limit = limit;
    this.weight = weight;
  }

  synchronized @Nullable V get(ChunkRef chunk) {
    Entry<V> entry = entries.get(chunk.place());
    return entry == null ? null : entry.value;
  }

  synchronized void put(ChunkRef chunk, V value) {
    Entry<V> entry = new Entry<>(value, OVERHEAD + weight.applyAsLong(value));
    Entry<V> old = entries.put(chunk.place(), entry);
    bytes += entry.bytes - (old == null ? 0 : old.bytes);
    for (Iterator<Entry<V>> eldest = entries.values().iterator(); bytes > limit && eldest.hasNext(); ) {
      bytes -= eldest.next().bytes;
      eldest.remove();
    }
  }

  /** After this, what lay at a place may be something else. */
  synchronized void clear() {
    entries.clear();
    bytes = 0;
  }

  synchronized long bytes() {
    return bytes;
  }
}
