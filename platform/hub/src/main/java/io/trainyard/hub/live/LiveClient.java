package io.trainyard.hub.live;

import io.trainyard.hub.json.Json;
import io.trainyard.hub.live.LiveEvent.Kind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * One browser at the feed: a position in the ring, and what it wants of it. On the feed's event loop.
 *
 * <p>A client that does not keep up is never waited for and has no queue of its own. When its connection takes bytes again it goes on from
 * its position: with every event if that is not much, else with the latest of each kind, so that it is up to date again at once.
 */
final class LiveClient {
  /** A lag of more than this is merged: what a slow line would take some seconds to carry. */
  private static final int MERGE_BYTES = 256 << 10;
  private static final int MERGE_EVENTS = 64;
  private static final int WRITE_QUEUE = 128 << 10;
  private static final Json.Writer EMPTY =
      out -> {
        out.writeStartObject();
        out.writeEndObject();
      };

  final Set<String> points;
  final Set<String> logs;

  private final HttpServerResponse response;
  private final LiveRing ring;
  private final String instance;
  private final LiveStats stats;
  private long position;
  /** Since when its connection takes nothing; 0: it does. */
  private long fullSince;

  LiveClient(HttpServerResponse response, LiveRing ring, String instance, LiveStats stats, Set<String> points, Set<String> logs) {
    this.response = response;
    this.ring = ring;
    this.instance = instance;
    this.stats = stats;
    this.points = points;
    this.logs = logs;
    response.setWriteQueueMaxSize(WRITE_QUEUE);
    response.drainHandler(go -> pump());
  }

  /**
   * Says hello, and goes on.
   *
   * @param position the last event that it has
   * @param gap whether something before that is lost to it
   */
  void begin(long position, boolean resumed, boolean gap) {
    this.position = position;
    write(Buffer.buffer("retry: 1000\n"));
    write(
        LiveEvent.frame(
            "hello",
            cursor(),
            out -> {
              out.writeStartObject();
              out.writeStringField("instance", instance);
              out.writeStringField("cursor", cursor());
              out.writeBooleanField("resumed", resumed);
              out.writeEndObject();
            }));
    if (gap) {
      write(LiveEvent.frame("gap", cursor(), EMPTY));
    }
    pump();
  }

  /** Writes what there is for as long as the connection takes it. */
  void pump() {
    if (full()) {
      return;
    }
    if (position + 1 < ring.first()) {
      stats.dropped.add(ring.last() - position);
      position = ring.last();
      write(LiveEvent.frame("gap", cursor(), EMPTY));
    } else if (ring.last() - position > MERGE_EVENTS && lag() > MERGE_BYTES) {
      merge();
    }
    while (position < ring.last() && !full()) {
      LiveEvent event = ring.get(++position);
      if (wants(event)) {
        write(event.frame(cursor()));
      }
    }
  }

  void ping() {
    if (!full()) {
      write(LiveEvent.frame("ping", cursor(), EMPTY));
    }
  }

  /** For how long its connection has taken nothing. */
  long stalledMillis(long now) {
    if (!full()) {
      return 0;
    }
    fullSince = fullSince == 0 ? now : fullSince;
    return now - fullSince;
  }

  /** Ends the answer, if its connection still takes that. */
  boolean close() {
    if (full()) {
      return false;
    }
    response.end();
    return true;
  }

  private boolean wants(LiveEvent event) {
    return switch (event.kind) {
      case POINTS, EXHIBIT -> points.contains(event.run);
      case LOG -> logs.contains(event.run);
      default -> true;
    };
  }

  private long lag() {
    long bytes = 0;
    for (long number = position + 1; number <= ring.last(); number++) {
      LiveEvent event = ring.get(number);
      bytes += wants(event) ? event.weight : 0;
    }
    return bytes;
  }

  /** Brings it up to date with the least that says what is so now. */
  private void merge() {
    Map<String, LiveEvent> latest = new LinkedHashMap<>();
    Map<String, Long> skipped = new LinkedHashMap<>();
    boolean gap = false;
    long wanted = 0;
    for (long number = position + 1; number <= ring.last(); number++) {
      LiveEvent event = ring.get(number);
      if (!wants(event)) {
        continue;
      }
      wanted++;
      if (event.kind == Kind.LOG) {
        gap = true;
        continue;
      }
      String key = event.kind + " " + event.run + " " + event.part;
      latest.remove(key);
      latest.put(key, event);
      if (event.kind == Kind.POINTS) {
        skipped.merge(key, (long) event.points, Long::sum);
      }
    }
    position = ring.last();
    long merged = 0;
    for (Map.Entry<String, LiveEvent> entry : latest.entrySet()) {
      LiveEvent event = entry.getValue();
      if (event.kind == Kind.POINTS) {
        long count = skipped.getOrDefault(entry.getKey(), 0L);
        write(LiveEvent.frame("points", cursor(), PointsEvent.skipped(String.valueOf(event.run), event.version, count)));
      } else {
        write(event.frameAt(cursor()));
        merged++;
      }
    }
    stats.dropped.add(wanted - merged);
    if (gap) {
      write(LiveEvent.frame("gap", cursor(), EMPTY));
    }
  }

  private boolean full() {
    if (response.writeQueueFull()) {
      return true;
    }
    fullSince = 0;
    return false;
  }

  private void write(Buffer frame) {
    stats.sent.increment();
    response.write(frame);
  }

  private String cursor() {
    return instance + "-" + position;
  }
}
