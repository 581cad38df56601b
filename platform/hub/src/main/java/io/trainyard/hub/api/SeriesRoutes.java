package io.trainyard.hub.api;

import static io.trainyard.hub.http.Role.READ;

import io.trainyard.core.model.SeriesData;
import io.trainyard.core.store.PointsQuery;
import io.trainyard.core.store.RunStore;
import io.trainyard.core.store.StoreException;
import io.trainyard.hub.http.Answer;
import io.trainyard.hub.http.Call;
import io.trainyard.hub.http.QueryParams;
import io.trainyard.hub.http.Route;
import io.trainyard.hub.http.Route.Query;
import io.trainyard.hub.json.SeriesJson;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** What a chart reads. Called on the event loop; answers are written on workers. */
final class SeriesRoutes {
  private static final int MAX_NAMES = 200;
  /** In one answer, all series together: some 40 MB of JSON. */
  private static final int MAX_POINTS = 1_000_000;

  private final Runs runs;
  private final RunStore store;

  SeriesRoutes(Runs runs, RunStore store) {
    this.runs = runs;
    this.store = store;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/runs/{id}/series", READ, "listSeries", "A run's series, by name", "SeriesList", this::series),
        Route.get("/api/v1/runs/{id}/points", READ, "getPoints", "Points, or exact buckets of them", "PointsPage", this::points)
            .query(
                new Query("name", "array", null, "names of series, in the order of the answer"),
                new Query("from", "integer", null, "first step"),
                new Query("to", "integer", null, "last step"),
                new Query("max", "integer", "1000", "at most so many points, or buckets, for each series"),
                new Query("attempt", "integer", null, "one attempt's points; left out: for each step those of the latest")));
  }

  /** A chart is open before the first point of its series is there; that is no mistake. */
  private static Future<SeriesData> none(String name) {
    return Future.succeededFuture(new SeriesData.Raw(name, new long[0], new long[0], new double[0]));
  }

  private Future<Answer> series(Call call) {
    return runs.named(call)
        .compose(run -> call.await(store.series(run.id())))
        .map(series -> Runs.list("series", series, SeriesJson::summary));
  }

  private Future<Answer> points(Call call) {
    QueryParams query = call.query();
    List<String> names = query.all("name");
    if (names.isEmpty()) {
      query.wrong("name", "must be given at least once");
    } else if (names.size() > MAX_NAMES) {
      query.wrong("name", "must be given at most " + MAX_NAMES + " times, but was given " + names.size() + " times");
    }
    long from = query.whole("from", Long.MIN_VALUE, Long.MIN_VALUE, Long.MAX_VALUE);
    long to = query.whole("to", Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE);
    if (from > to) {
      query.wrong("from", "must not be greater than to, but is " + from);
    }
    int max = (int) query.whole("max", 1000, 1, MAX_POINTS / Math.max(1, Math.min(MAX_NAMES, names.size())));
    long attempt = query.whole("attempt", 0, 1, Integer.MAX_VALUE);
    query.done();
    return runs.named(call)
        .compose(
            run -> {
              List<Future<SeriesData>> reads = new ArrayList<>();
              for (String name : names) {
                Integer only = attempt == 0 ? null : (Integer) (int) attempt;
                reads.add(
                    call.await(store.points(new PointsQuery(run.id(), name, only, from, to, max)))
                        .recover(failure -> failure instanceof StoreException.NotFound ? none(name) : Future.failedFuture(failure)));
              }
              return Future.all(reads)
                  .compose(
                      done ->
                          call.big(
                              200,
                              out -> {
                                out.writeStartObject();
                                out.writeStringField("run", run.id());
                                // Read before the points: they may be newer than it says, never older.
                                out.writeNumberField("version", run.version());
                                out.writeArrayFieldStart("series");
                                for (SeriesData data : done.<SeriesData>list()) {
                                  SeriesJson.points(out, data);
                                }
                                out.writeEndArray();
                                out.writeEndObject();
                              }));
            });
  }
}
