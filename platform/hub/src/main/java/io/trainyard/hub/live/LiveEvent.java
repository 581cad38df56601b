package io.trainyard.hub.live;

import io.trainyard.hub.json.Json;
import io.vertx.core.buffer.Buffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One event of the feed. Written out when the first client takes it, and that once for all of them. On the feed's event loop. */
final class LiveEvent {
  /** What it is about, which decides who gets it and what may replace it. */
  enum Kind {
    RUN,
    POINTS,
    LOG,
    HUB,
    PLUGINS
  }

  final Kind kind;
  /** Null where it is about no run. */
  final @Nullable String run;
  /** About how many bytes it keeps in memory. */
  final int weight;
  /** For POINTS: how many, and the run's version with them. */
  final int points;
  final long version;

  private final Json.Writer data;
  private @Nullable Buffer frame;

  LiveEvent(Kind kind, @Nullable String run, int weight, int points, long version, Json.Writer data) {
    this.kind = kind;
    this.run = run;
    this.weight = weight;
    this.points = points;
    this.version = version;
    this.data = data;
  }

  /** @param cursor of this very event: what is written out is shared */
  Buffer frame(String cursor) {
    Buffer known = frame;
    if (known == null) {
      known = frameAt(cursor);
      frame = known;
    }
    return known;
  }

  /** For one client that has skipped to a later cursor. */
  Buffer frameAt(String cursor) {
    return frame(kind.name().toLowerCase(Locale.ROOT), cursor, data);
  }

  static Buffer frame(String event, String cursor, Json.Writer data) {
    // JSON has no line breaks of its own, so one data line is enough.
    return Buffer.buffer("id: " + cursor + "\nevent: " + event + "\ndata: ").appendBytes(Json.bytes(data)).appendString("\n\n");
  }
}
