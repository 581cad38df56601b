package io.trainyard.hub.api;

import static io.trainyard.hub.http.Role.TRACK;

import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.Attempt;
import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.store.Applied;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.StoreException;
import io.trainyard.hub.http.Answer;
import io.trainyard.hub.http.Call;
import io.trainyard.hub.http.Route;
import io.trainyard.hub.json.Fields;
import io.trainyard.hub.json.PointsReader;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs that a client logs over HTTP instead of a plugin that is launched. Called on the event loop. */
final class TrackRoutes {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Bus bus;
  private final Runs runs;
  private final InstantSource clock;

  TrackRoutes(Bus bus, Runs runs, InstantSource clock) {
    this.bus = bus;
    this.runs = runs;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/api/v1/experiments/{id}/tracked-runs", TRACK, "trackRun", "Begins a run that its client feeds", "Run", this::begin)
            .optionalBody("NewTrackedRun")
            .status(201),
        Route.post("/api/v1/runs/{id}/points", TRACK, "logPoints", "Adds points to a client's run", "Accepted", this::points)
            .bulk("Points"),
        Route.post("/api/v1/runs/{id}/end", TRACK, "endRun", "Ends a client's run", "Run", this::end).body("End"));
  }

  private Future<Answer> begin(Call call) {
    Fields fields = call.fields();
    String name = fields.name("name", Limits.NAME);
    Map<String, Object> params = fields.params("params", new HashSet<>());
    Map<String, @Nullable String> tags = fields.texts("tags", false, Limits.TAG);
    String notes = fields.text("notes", Limits.NOTES);
    fields.done();
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    String id = HexFormat.of().formatHex(bytes);
    long now = clock.millis();
    return runs.openExperiment(call)
        .compose(
            experiment ->
                runs.apply(
                    call,
                    new Change.CreateRun(
                        new RunRecord(
                            id,
                            experiment.id(),
                            name == null ? "run-" + id.substring(0, 6) : name,
                            RunState.RUNNING,
                            null,
                            null,
                            params,
                            0,
                            Limits.withoutNulls(tags),
                            notes == null ? "" : notes,
                            now,
                            now,
                            null,
                            false,
                            false,
                            null,
                            0,
                            null,
                            false,
                            null,
                            Map.of(),
                            null,
                            null,
                            // The store adds the first attempt, with its fence.
                            List.of(),
                            Map.of(),
                            0))))
        .compose(applied -> runs.answer(call, 201, applied));
  }

  private Future<Answer> points(Call call) {
    long now = clock.millis();
    return runs.named(call)
        .compose(
            run -> {
              Attempt attempt = fed(run);
              return call.onWorker(() -> PointsReader.read(call.body(), now))
                  .map(
                      columns ->
                          new MetricBatch(
                              run.id(), attempt.number(), attempt.fence(), MetricBatch.UNSEQUENCED, MetricBatch.UNSEQUENCED, columns));
            })
        .compose(
            batch -> {
              int count = batch.points();
              if (count == 0) {
                return Future.succeededFuture(count);
              }
              Future<Applied> stored =
                  call.key() == null ? bus.request(Addresses.APPEND, batch) : runs.apply(call, new Change.AppendPoints(batch));
              return stored.map(applied -> count);
            })
        .map(
            count ->
                Answer.json(
                    200,
                    out -> {
                      out.writeStartObject();
                      out.writeNumberField("accepted", count);
                      out.writeEndObject();
                    }));
  }

  private Future<Answer> end(Call call) {
    Fields fields = call.fields();
    String word = fields.required("state", 20);
    RunState state = RunState.FINISHED;
    try {
      state = word.isEmpty() ? state : RunState.valueOf(word);
    } catch (IllegalArgumentException e) {
      fields.wrong("state", "must be FINISHED, FAILED, STOPPED or DIVERGED, but is \"" + word + "\"");
    }
    if (!state.ended()) {
      fields.wrong("state", "must be FINISHED, FAILED, STOPPED or DIVERGED, but is \"" + word + "\"");
    }
    String reason = fields.text("reason", Limits.TAG);
    fields.done();
    RunState ended = state;
    return runs.named(call)
        .compose(
            run -> {
              Attempt attempt = fed(run);
              return runs.apply(
                  call, new Change.EndAttempt(run.id(), attempt.number(), attempt.fence(), ended, reason, clock.millis(), false, 0));
            })
        .compose(applied -> runs.answer(call, 200, applied));
  }

  private static Attempt fed(RunRecord run) {
    Attempt attempt = run.attempt();
    if (run.task() != null || attempt == null) {
      throw new StoreException.Conflict("Run " + run.name() + " was launched from a plugin; only its runner feeds and ends it.");
    }
    return attempt;
  }
}
