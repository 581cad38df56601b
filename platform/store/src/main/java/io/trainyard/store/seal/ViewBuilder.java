package io.trainyard.store.seal;

import io.trainyard.store.Health;
import io.trainyard.store.chunk.ChunkFiles;
import io.trainyard.store.chunk.ChunkRef;
import io.trainyard.store.chunk.SeriesKey;
import io.trainyard.store.state.Tally;
import io.trainyard.store.view.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the view again from the chunk files alone. Called by the opening thread, and by the sealer when the view turns out to be broken. */
public final class ViewBuilder {
  private ViewBuilder() {}

  public static void rebuild(View view, ChunkFiles files, Health health) throws IOException {
    Map<SeriesKey, List<ChunkRef>> found = new HashMap<>();
    List<String> damage =
        files.scan((key, chunk) -> found.computeIfAbsent(key, absent -> new ArrayList<>()).add(chunk));
    damage.forEach(health::damaged);
    view.discard();
    found.forEach(
        (key, chunks) -> {
          // By arrival, for the later of two points with equal step and time is the last.
          chunks.sort(Comparator.comparingLong(ChunkRef::order));
          Tally tally = new Tally();
          long sequence = 0;
          for (ChunkRef chunk : chunks) {
            tally.add(chunk.summary());
            sequence = Math.max(sequence, chunk.journalSequence());
          }
          view.add(key, chunks, sequence, tally);
        });
  }
}
