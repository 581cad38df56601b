package io.trainyard.hub.api;

import static io.trainyard.hub.http.Role.READ;

import io.trainyard.hub.http.Answer;
import io.trainyard.hub.http.Call;
import io.trainyard.hub.http.ProblemException;
import io.trainyard.hub.http.QueryParams;
import io.trainyard.hub.http.Route;
import io.trainyard.hub.http.Route.Query;
import io.trainyard.hub.live.LiveFeed;
import io.vertx.core.Future;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The way into the live feed. Called on the event loop. */
final class LiveRoutes {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final int MAX_RUNS = 200;
  private static final int MAX_CLIENTS = 2_000;

  private final LiveFeed feed;

  LiveRoutes(LiveFeed feed) {
    this.feed = feed;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/live", READ, "live", "The live feed, as server-sent events", null, this::live)
            .query(
                new Query("points", "string", null, "whole ids of runs whose points are wanted, separated by commas"),
                new Query("log", "string", null, "whole ids of runs whose output is wanted, separated by commas"),
                new Query("cursor", "string", null, "where to go on, for those who cannot send Last-Event-ID"))
            .streamed("text/event-stream"));
  }

  private Future<Answer> live(Call call) {
    QueryParams query = call.query();
    Set<String> points = runs(query, "points");
    Set<String> logs = runs(query, "log");
    String cursor = query.text("cursor", 100);
    query.done();
    if (feed.stats().clients() >= MAX_CLIENTS) {
      throw new ProblemException(503, "There are " + MAX_CLIENTS + " live connections already; this hub takes no more.");
    }
    String last = call.header("Last-Event-ID");
    feed.follow(call.request(), last == null || last.isEmpty() ? cursor : last, points, logs);
    call.whenEnded(() -> feed.left(call.request()));
    return Future.succeededFuture(Answer.TAKEN);
  }

  private static Set<String> runs(QueryParams query, String name) {
    Set<String> runs = new LinkedHashSet<>();
    for (String id : query.text(name, MAX_RUNS * 33, "").split(",")) {
      if (ID.matcher(id).matches()) {
        runs.add(id);
      } else if (!id.isEmpty()) {
        query.wrong(name, "must be whole ids of runs (32 hex digits) separated by commas, but has \"" + id + "\"");
      }
    }
    return Set.copyOf(runs);
  }
}
