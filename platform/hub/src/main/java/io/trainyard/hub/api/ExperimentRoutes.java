package io.trainyard.hub.api;

import static io.trainyard.hub.http.Role.READ;
import static io.trainyard.hub.http.Role.TRACK;

import io.trainyard.core.model.Experiment;
import io.trainyard.core.store.Applied;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.RunStore;
import io.trainyard.hub.http.Answer;
import io.trainyard.hub.http.Call;
import io.trainyard.hub.http.QueryParams;
import io.trainyard.hub.http.Route;
import io.trainyard.hub.http.Route.Query;
import io.trainyard.hub.json.CatalogJson;
import io.trainyard.hub.json.Fields;
import io.trainyard.hub.state.ExperimentNames;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Experiments. Called on the event loop. */
final class ExperimentRoutes {
  private static final String ALL = "/api/v1/experiments";
  private static final String ONE = ALL + "/{id}";

  private final Runs runs;
  private final RunStore store;
  private final ExperimentNames names;
  private final InstantSource clock;

  ExperimentRoutes(Runs runs, RunStore store, ExperimentNames names, InstantSource clock) {
    this.runs = runs;
    this.store = store;
    this.names = names;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.get(ALL, READ, "listExperiments", "Experiments, oldest first", "ExperimentList", this::list)
            .query(new Query("deleted", "boolean", "false", "the deleted ones instead")),
        Route.post(ALL, TRACK, "createExperiment", "Creates an experiment", "Experiment", this::create).body("NewExperiment").status(201),
        Route.get(ONE, READ, "getExperiment", "One experiment", "Experiment", this::get),
        Route.of(HttpMethod.PATCH, ONE, TRACK, "renameExperiment", "Renames an experiment", "Experiment", this::rename)
            .body("ExperimentEdit"),
        Route.of(HttpMethod.DELETE, ONE, TRACK, "deleteExperiment", "Hides an experiment and its runs", "Experiment", this::delete),
        Route.post(ONE + "/restore", TRACK, "restoreExperiment", "Shows a hidden experiment again", "Experiment", this::restore));
  }

  private record Counted(Experiment experiment, long runs) {}

  private Future<Answer> list(Call call) {
    QueryParams query = call.query();
    boolean deleted = query.flag("deleted");
    query.done();
    return call.await(store.experiments(deleted))
        .compose(
            experiments -> {
              List<Future<Counted>> counted = new ArrayList<>();
              for (Experiment experiment : experiments) {
                counted.add(call.await(store.runCount(experiment.id())).map(runs -> new Counted(experiment, runs)));
              }
              return Future.all(counted).map(done -> done.<Counted>list());
            })
        .map(all -> Runs.list("experiments", all, (out, one) -> CatalogJson.experiment(out, one.experiment(), one.runs())));
  }

  private Future<Answer> create(Call call) {
    Fields fields = call.fields();
    String name = fields.required("name", Limits.NAME);
    Map<String, @Nullable String> tags = fields.texts("tags", false, Limits.TAG);
    fields.done();
    return runs.apply(call, new Change.CreateExperiment(name, Limits.withoutNulls(tags), clock.millis()))
        .compose(applied -> answer(call, 201, applied));
  }

  private Future<Answer> get(Call call) {
    return runs.experiment(call).compose(experiment -> answer(call, 200, experiment));
  }

  private Future<Answer> rename(Call call) {
    Fields fields = call.fields();
    String name = fields.name("name", Limits.NAME);
    fields.done();
    return runs.experiment(call)
        .compose(
            experiment ->
                name == null
                    ? answer(call, 200, experiment)
                    : runs.apply(call, new Change.RenameExperiment(experiment.id(), name)).compose(applied -> answer(call, 200, applied)));
  }

  private Future<Answer> delete(Call call) {
    return hide(call, true);
  }

  private Future<Answer> restore(Call call) {
    return hide(call, false);
  }

  private Future<Answer> hide(Call call, boolean deleted) {
    return runs.experiment(call)
        .compose(experiment -> runs.apply(call, new Change.DeleteExperiment(experiment.id(), deleted)))
        .compose(applied -> answer(call, 200, applied));
  }

  private Future<Answer> answer(Call call, int status, Applied applied) {
    Experiment experiment = Objects.requireNonNull(applied.experiment(), "the store answered a change of an experiment without it");
    names.is(experiment);
    return answer(call, status, experiment);
  }

  private Future<Answer> answer(Call call, int status, Experiment experiment) {
    return call.await(store.runCount(experiment.id()))
        .map(count -> Answer.json(status, out -> CatalogJson.experiment(out, experiment, count)));
  }
}
