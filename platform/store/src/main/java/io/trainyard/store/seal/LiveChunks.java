package io.trainyard.store.seal;

import io.trainyard.store.chunk.ChunkRef;
import io.trainyard.store.chunk.SeriesKey;
import io.trainyard.store.state.RunEntry;
import io.trainyard.store.state.SeriesState;
import io.trainyard.store.state.State;
import io.trainyard.store.view.View;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/** Whether the index has a chunk; for one round of reclaiming, on the sealer. */
final class LiveChunks implements BiPredicate<SeriesKey, ChunkRef> {
  private final State state;
  private final View view;
  private final Map<SeriesKey, Set<ChunkRef>> known = new HashMap<>();

  LiveChunks(State state, View view) {
    this.state = state;
    this.view = view;
  }

  @Override
  public boolean test(SeriesKey key, ChunkRef chunk) {
    return known.computeIfAbsent(key, this::load).contains(chunk);
  }

  private Set<ChunkRef> load(SeriesKey key) {
    RunEntry run = state.run(key.run());
    SeriesState series = run == null ? null : run.find(key.attempt(), key.series());
    return series == null ? Set.of() : new HashSet<>(series.chunks(view));
  }
}
