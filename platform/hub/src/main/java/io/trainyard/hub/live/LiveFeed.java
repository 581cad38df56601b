package io.trainyard.hub.live;

import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.Kept;
import io.trainyard.core.bus.Addresses.LogStored;
import io.trainyard.core.bus.Addresses.QueueStatus;
import io.trainyard.core.bus.Bus;
import io.trainyard.hub.http.Connections;
import io.trainyard.hub.json.LogText;
import io.trainyard.hub.live.LiveEvent.Kind;
import io.trainyard.hub.state.RunViews;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns announcements of the bus into one numbered sequence of events, and lets any number of browsers follow it. Made, called and
 * called back on one event loop, so nothing here is locked.
 *
 * <p>Announcements are paced run by run ({@link RunChannel}) and then go into a ring ({@link LiveRing}); each client has its
 * position in the ring ({@link LiveClient}). A cursor is the number of an event with the name of this start of the hub before it:
 * after a restart no cursor is known, and the client is told so by {@code gap}.
 */
public final class LiveFeed {
  /**
   * How much it remembers, and how patient it is.
   *
   * @param ringBytes of events to replay
   * @param pingMillis between two signs of life
   * @param stalledMillis after which a client that takes nothing is let go
   */
  public record Options(long ringBytes, long pingMillis, long stalledMillis) {
    public static final Options DEFAULT = new Options(8 << 20, 10_000, 30_000);
  }

  /** Whoever left may be back in a moment, and wants to go on where it was. */
  private static final long INTEREST_MILLIS = 60_000;

  private record Tail(int attempt, long from, byte[] bytes) {}

  private record Seat(LiveClient client, HttpServerRequest request) {}

  private final Vertx vertx;
  private final RunViews views;
  private final String instance;
  private final Options options;
  private final LiveRing ring;
  private final LiveStats stats = new LiveStats();
  private final Map<HttpServerResponse, Seat> clients = new LinkedHashMap<>();
  /** The same, for the loop over them: a client may leave while it is written to. */
  private List<Seat> seats = List.of();
  /** How many clients follow the points or the log of a run. */
  private final Map<String, Integer> followers = new HashMap<>();
  private final Map<String, RunChannel> channels = new HashMap<>();
  /** The first bytes of a character whose rest is not there yet. */
  private final Map<String, Tail> tails = new HashMap<>();
  /** Until when points and log of a run are wanted although nobody follows them now. */
  private final Map<String, Long> lately = new HashMap<>();
  private final List<MessageConsumer<?>> consumers = new ArrayList<>();
  private final long pingTimer;
  private @Nullable QueueStatus queue;

  /** @param instance names this start of the hub */
  public LiveFeed(Vertx vertx, Bus bus, RunViews views, String instance, Options options) {
    this.vertx = vertx;
    this.views = views;
    this.instance = instance;
    this.options = options;
    this.ring = new LiveRing(options.ringBytes());
    consumers.add(bus.listen(Addresses.METRICS, stored -> {
      String run = stored.batch().run();
      channel(run).points(stored, wanted(run));
    }));
    consumers.add(bus.listen(Addresses.CHANGED, changed -> channel(changed.run().id()).changed(changed.run())));
    consumers.add(bus.listen(Addresses.PROGRESS, progress -> {
      RunChannel known = channels.get(progress.run());
      if (known != null) {
        known.progressed();
      }
    }));
    consumers.add(bus.listen(Addresses.KEPT, this::kept));
    consumers.add(bus.listen(Addresses.LOGGED, this::logged));
    consumers.add(bus.listen(Addresses.QUEUE, this::queued));
    consumers.add(bus.listen(Addresses.PLUGINS, changed -> publish(new LiveEvent(Kind.PLUGINS, null, 100, 0, 0, out -> {
      out.writeStartObject();
      out.writeEndObject();
    }))));
    this.pingTimer = vertx.setPeriodic(options.pingMillis(), fired -> everyPing());
  }

  public LiveStats stats() {
    return stats;
  }

  /**
   * Takes a client on until it goes.
   *
   * @param cursor the last event that it has; null: it is new
   * @param points runs whose points it wants, by their whole ids; likewise logs
   */
  public void follow(HttpServerRequest request, @Nullable String cursor, Set<String> points, Set<String> logs) {
    HttpServerResponse response = request.response();
    response.putHeader("Content-Type", "text/event-stream").putHeader("Cache-Control", "no-store");
    // Proxies that gather answers would hold events back.
    response.putHeader("X-Accel-Buffering", "no");
    response.setChunked(true);
    LiveClient client = new LiveClient(response, ring, instance, stats, points, logs);
    clients.put(response, new Seat(client, request));
    points.forEach(run -> followers.merge(run, 1, Integer::sum));
    logs.forEach(run -> followers.merge(run, 1, Integer::sum));
    seated();
    long position = cursor == null ? -1 : position(cursor);
    boolean resumed = position >= 0;
    client.begin(resumed ? position : ring.last(), resumed, cursor != null && !resumed);
  }

  /** The client has gone. */
  public void left(HttpServerRequest request) {
    Seat seat = clients.remove(request.response());
    if (seat != null) {
      seated();
      seat.client().points.forEach(this::unfollow);
      seat.client().logs.forEach(this::unfollow);
    }
  }

  private void unfollow(String run) {
    followers.computeIfPresent(run, (id, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    lately.put(run, now() + INTEREST_MILLIS);
  }

  private void seated() {
    seats = List.copyOf(clients.values());
    stats.clients.set(seats.size());
  }

  public void close() {
    vertx.cancelTimer(pingTimer);
    consumers.forEach(MessageConsumer::unregister);
    for (Seat seat : seats) {
      if (!seat.client().close()) {
        Connections.cut(seat.request());
      }
    }
    clients.clear();
    seated();
  }

  /** -1 when nothing is known of it. */
  private long position(String cursor) {
    int dash = cursor.lastIndexOf('-');
    if (dash < 0 || !cursor.substring(0, dash).equals(instance)) {
      return -1;
    }
    try {
      long number = Long.parseLong(cursor.substring(dash + 1));
      return number >= ring.first() - 1 && number <= ring.last() ? number : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private boolean wanted(String run) {
    return followers.containsKey(run) || lately.containsKey(run);
  }

  private RunChannel channel(String run) {
    return channels.computeIfAbsent(run, id -> new RunChannel(vertx, views, this::publish));
  }

  private void publish(LiveEvent event) {
    ring.add(event);
    for (Seat seat : seats) {
      seat.client().pump();
    }
    RunChannel channel = event.run == null ? null : channels.get(event.run);
    if (channel != null && channel.over()) {
      channels.remove(event.run);
    }
  }

  private void kept(Kept kept) {
    if (wanted(kept.run())) {
      kept.exhibits().forEach(exhibit -> publish(LiveEvent.exhibit(kept.run(), exhibit)));
    }
  }

  private void logged(LogStored stored) {
    String run = stored.run();
    if (!wanted(run)) {
      tails.remove(run);
      return;
    }
    Tail tail = tails.remove(run);
    boolean follows = tail != null && tail.attempt() == stored.attempt() && tail.from() + tail.bytes().length == stored.from();
    byte[] bytes = follows ? LogText.joined(tail.bytes(), stored.bytes()) : stored.bytes();
    long from = follows ? tail.from() : stored.from();
    int whole = LogText.wholeCharacters(bytes);
    if (whole < bytes.length) {
      tails.put(run, new Tail(stored.attempt(), from + whole, java.util.Arrays.copyOfRange(bytes, whole, bytes.length)));
    }
    if (whole == 0) {
      return;
    }
    LogText text = LogText.of(from, java.util.Arrays.copyOf(bytes, whole), true);
    publish(
        new LiveEvent(
            Kind.LOG,
            run,
            200 + whole,
            0,
            0,
            out -> {
              out.writeStartObject();
              out.writeStringField("run", run);
              out.writeNumberField("attempt", stored.attempt());
              out.writeNumberField("from", text.from());
              out.writeNumberField("next", text.next());
              out.writeStringField("text", text.text());
              out.writeEndObject();
            }));
  }

  private void queued(QueueStatus status) {
    QueueStatus before = queue;
    queue = status;
    if (before != null && before.queued() == status.queued() && before.running() == status.running() && before.slots() == status.slots()) {
      return;
    }
    publish(
        new LiveEvent(
            Kind.HUB,
            null,
            150,
            0,
            0,
            out -> {
              out.writeStartObject();
              out.writeNumberField("queued", status.queued());
              out.writeNumberField("running", status.running());
              out.writeNumberField("slots", status.slots());
              out.writeEndObject();
            }));
  }

  private void everyPing() {
    long now = now();
    lately.values().removeIf(until -> until < now);
    channels.values().removeIf(RunChannel::over);
    for (Seat seat : seats) {
      if (seat.client().stalledMillis(now) >= options.stalledMillis()) {
        stats.closed.increment();
        Connections.cut(seat.request());
      } else {
        seat.client().ping();
      }
    }
  }

  private static long now() {
    return System.nanoTime() / 1_000_000;
  }
}
