package io.trainyard.hub.live;

import io.trainyard.core.bus.Addresses.KeptExhibit;
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
    EXHIBIT,
    LOG,
    HUB,
    PLUGINS
  }

  final Kind kind;
  /** Null where it is about no run. */
  final @Nullable String run;
  /** What of the run, where there are several: an exhibit's name. */
  final String part;
  /** About how many bytes it keeps in memory. */
  final int weight;
  /** For POINTS: how many, and the run's version with them. */
  final int points;
  final long version;

  private final Json.Writer data;
  private @Nullable Buffer frame;

  LiveEvent(Kind kind, @Nullable String run, int weight, int points, long version, Json.Writer data) {
    this(kind, run, "", weight, points, version, data);
  }

  private LiveEvent(
      Kind kind, @Nullable String run, String part, int weight, int points, long version, Json.Writer data) {
    this.kind = kind;
    this.run = run;
    this.part = part;
    this.weight = weight;
    this.points = points;
    this.version = version;
    this.data = data;
  }

  /** There is one more to fetch. */
  static LiveEvent exhibit(String run, KeptExhibit exhibit) {
    return new LiveEvent(
        Kind.EXHIBIT,
        run,
        exhibit.name(),
        300,
        0,
        0,
        out -> {
          out.writeStartObject();
          out.writeStringField("run", run);
          out.writeStringField("name", exhibit.name());
          out.writeStringField("kind", exhibit.kind());
          out.writeNumberField("step", exhibit.step());
          out.writeEndObject();
        });
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
