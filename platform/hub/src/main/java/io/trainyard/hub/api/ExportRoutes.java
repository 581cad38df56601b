package io.trainyard.hub.api;

import static io.trainyard.hub.http.Role.READ;

import io.trainyard.core.model.RunRecord;
import io.trainyard.core.store.RunStore;
import io.trainyard.hub.http.Answer;
import io.trainyard.hub.http.Call;
import io.trainyard.hub.http.QueryParams;
import io.trainyard.hub.http.Route;
import io.trainyard.hub.http.Route.Query;
import io.trainyard.hub.json.PointsWriter;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** Every point of a run, streamed. Called on the event loop; written on workers of its own, which may wait for the reader. */
final class ExportRoutes {
  private final Runs runs;
  private final RunStore store;
  private final WorkerExecutor exporters;

  ExportRoutes(Runs runs, RunStore store, WorkerExecutor exporters) {
    this.runs = runs;
    this.store = store;
    this.exporters = exporters;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/runs/{id}/export", READ, "exportRun", "Every point of every attempt, as a file", null, this::export)
            .query(new Query("format", "string", "csv", "csv or jsonl"))
            .streamed("text/csv; charset=utf-8"));
  }

  private Future<Answer> export(Call call) {
    QueryParams query = call.query();
    boolean csv = query.oneOf("format", "csv", "csv", "jsonl").equals("csv");
    query.done();
    return runs.named(call)
        .compose(run -> call.await(store.series(run.id())).compose(series -> {
          HttpServerResponse response = call.response();
          response.putHeader("Content-Type", csv ? "text/csv; charset=utf-8" : "application/jsonl");
          response.putHeader("Cache-Control", "no-store");
          response.putHeader("Content-Disposition", Attachment.named(run, csv ? "csv" : "jsonl"));
          response.setChunked(true);
          List<String> names = series.stream().map(summary -> summary.name()).toList();
          BackPressuredStream body = new BackPressuredStream(response);
          return exporters.executeBlocking(() -> write(run, names, csv, body), false);
        }))
        .map(done -> Answer.TAKEN);
  }

  private Void write(RunRecord run, List<String> names, boolean csv, BackPressuredStream body) throws Exception {
    try (PointsWriter out = csv ? PointsWriter.csv(body) : PointsWriter.jsonLines(body)) {
      PointsReading points = new PointsReading(store, out);
      for (var attempt : run.attempts()) {
        for (String name : names) {
          points.copy(run.id(), name, attempt.number());
        }
      }
      out.finish();
    }
    body.end();
    return null;
  }
}
