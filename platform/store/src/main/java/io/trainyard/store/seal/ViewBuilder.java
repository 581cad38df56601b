package io.trainyard.store.seal;

import io.trainyard.store.Health;
import io.trainyard.store.chunk.ChunkFiles;
import io.trainyard.store.chunk.ChunkRef;
import io.trainyard.store.chunk.SeriesKey;
import io.trainyard.store.view.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the view agree with the chunk files. Called by the opening thread, and by the sealer when the view turns out to
 * be broken.
 */
public final class ViewBuilder {
  private ViewBuilder() {}

  /**
   * Adds what came after the view's checkpoint; from scratch if chunks went since then, too, or there is no checkpoint.
   */
  public static void catchUp(View view, ChunkFiles files, Health health) throws IOException {
    ChunkFiles.Position now = files.position();
    ChunkFiles.Position known = view.synced();
    if (!view.restored() || isBehind(now, known)) {
      rebuild(view, files, health);
      return;
    }
    if (known.equals(now)) {
      return;
    }
    Map<SeriesKey, List<ChunkRef>> fresh = new HashMap<>();
    boolean[] gone = new boolean[1];
    List<String> damage =
        files.scan(
            known,
            (key, chunk) -> fresh.computeIfAbsent(key, absent -> new ArrayList<>()).add(chunk),
            (file, offset) -> gone[0] = true);
    if (gone[0] || view.hasChunk(chunk -> files.isDeleted(chunk.file()))) {
      rebuild(view, files, health);
      return;
    }
    damage.forEach(health::damaged);
    fresh.forEach(view::extend);
  }

  private static boolean isBehind(ChunkFiles.Position now, ChunkFiles.Position known) {
    return now.file() < known.file() || now.file() == known.file() && now.offset() < known.offset();
  }

  /** From the chunks' heads alone. */
  public static void rebuild(View view, ChunkFiles files, Health health) throws IOException {
    view.discard();
    if (files.position().equals(ChunkFiles.Position.NONE)) {
      return;
    }
    Map<SeriesKey, List<ChunkRef>> found = new HashMap<>();
    List<String> damage =
        files.scan((key, chunk) -> found.computeIfAbsent(key, absent -> new ArrayList<>()).add(chunk));
    damage.forEach(health::damaged);
    found.forEach(view::extend);
  }
}
