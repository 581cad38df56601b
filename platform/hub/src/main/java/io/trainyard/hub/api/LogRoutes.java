package io.trainyard.hub.api;

import static io.trainyard.hub.http.Role.READ;

import io.trainyard.core.model.RunRecord;
import io.trainyard.core.run.LogKeeper;
import io.trainyard.hub.http.Answer;
import io.trainyard.hub.http.Call;
import io.trainyard.hub.http.QueryParams;
import io.trainyard.hub.http.Route;
import io.trainyard.hub.http.Route.Query;
import io.trainyard.hub.json.LogText;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** What a run printed. Called on the event loop. */
final class LogRoutes {
  private static final int SLICE = 1 << 20;

  private final Runs runs;
  private final LogKeeper logs;

  LogRoutes(Runs runs, LogKeeper logs) {
    this.runs = runs;
    this.logs = logs;
  }

  List<Route> routes() {
    Query attempt = new Query("attempt", "integer", null, "number of the attempt; left out: the latest");
    return List.of(
        Route.get("/api/v1/runs/{id}/log", READ, "getLog", "Part of a run's output", "Log", this::read)
            .query(
                new Query("from", "integer", "0", "first byte; -N: the last N bytes"),
                new Query("limit", "integer", "65536", "at most so many bytes, 16 to " + SLICE),
                attempt),
        Route.get("/api/v1/runs/{id}/log.txt", READ, "downloadLog", "All of a run's output, as a file", null, this::download)
            .query(attempt)
            .streamed(Answer.TEXT));
  }

  private Future<Answer> read(Call call) {
    QueryParams query = call.query();
    long from = query.whole("from", 0, Long.MIN_VALUE, Long.MAX_VALUE);
    // A character takes up to 4 bytes: with fewer than that one might never get on.
    int limit = (int) query.whole("limit", 65_536, 16, SLICE);
    long wanted = query.whole("attempt", 0, 1, Integer.MAX_VALUE);
    query.done();
    return runs.named(call)
        .compose(
            run -> {
              int attempt = wanted == 0 ? run.attemptNumber() : (int) wanted;
              boolean over = run.state().ended() && !run.draining() || attempt < run.attemptNumber();
              if (attempt == 0) {
                return Future.succeededFuture(answer(new LogKeeper.Slice(0, new byte[0], 0, 0), over));
              }
              return call.await(logs.read(run.id(), attempt, from, limit)).map(slice -> answer(slice, over));
            });
  }

  private static Answer answer(LogKeeper.Slice slice, boolean over) {
    boolean toEnd = slice.from() + slice.bytes().length >= slice.size();
    LogText text = LogText.of(slice.from(), slice.bytes(), over && toEnd);
    return Answer.json(
        200,
        out -> {
          out.writeStartObject();
          out.writeNumberField("from", text.from());
          out.writeNumberField("next", text.next());
          out.writeNumberField("size", slice.size());
          out.writeNumberField("dropped_bytes", slice.droppedBytes());
          out.writeStringField("text", text.text());
          out.writeBooleanField("done", over && text.next() >= slice.size());
          out.writeEndObject();
        });
  }

  private Future<Answer> download(Call call) {
    QueryParams query = call.query();
    long wanted = query.whole("attempt", 0, 1, Integer.MAX_VALUE);
    query.done();
    return runs.named(call)
        .compose(
            run -> {
              HttpServerResponse response = call.response();
              response.putHeader("Content-Type", Answer.TEXT).putHeader("Cache-Control", "no-store");
              response.putHeader("Content-Disposition", Attachment.named(run, "log.txt"));
              response.setChunked(true);
              int attempt = wanted == 0 ? run.attemptNumber() : (int) wanted;
              return attempt == 0 ? response.end() : copy(call, run, attempt, 0);
            })
        .map(done -> Answer.TAKEN);
  }

  /** One slice after the other, each when the one before is on its way. */
  private Future<Void> copy(Call call, RunRecord run, int attempt, long from) {
    HttpServerResponse response = call.response();
    return call.await(logs.read(run.id(), attempt, from, SLICE))
        .compose(
            slice -> {
              if (slice.bytes().length == 0 || response.closed()) {
                return response.closed() ? Future.succeededFuture() : response.end();
              }
              response.write(Buffer.buffer(slice.bytes()));
              return drained(response).compose(go -> copy(call, run, attempt, slice.from() + slice.bytes().length));
            });
  }

  private static Future<Void> drained(HttpServerResponse response) {
    if (!response.writeQueueFull()) {
      return Future.succeededFuture();
    }
    Promise<Void> drained = Promise.promise();
    response.drainHandler(go -> drained.tryComplete());
    return drained.future();
  }
}
