package io.trainyard.hub.api;

import static io.trainyard.hub.http.Role.READ;
import static io.trainyard.hub.http.Role.TRACK;

import io.trainyard.core.model.RunInput;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.model.TaskInfo;
import io.trainyard.core.model.TaskRef;
import io.trainyard.core.run.ArtifactKeeper;
import io.trainyard.core.run.Catalog;
import io.trainyard.core.run.LogKeeper;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.RunQuery;
import io.trainyard.core.store.RunStore;
import io.trainyard.hub.http.Answer;
import io.trainyard.hub.http.Call;
import io.trainyard.hub.http.QueryParams;
import io.trainyard.hub.http.Route;
import io.trainyard.hub.http.Route.Query;
import io.trainyard.hub.json.Fields;
import io.trainyard.hub.json.RunJson;
import io.trainyard.hub.state.Bands;
import io.trainyard.hub.state.RunViews;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lists runs, shows one, and changes what people say of it. Called on the event loop. */
final class RunRoutes {
  private static final String ALL = "/api/v1/runs";
  private static final String ONE = ALL + "/{id}";
  private static final Set<String> SORTS = Set.of("created_at", "name", "state", "duration");

  private final Runs runs;
  private final RunStore store;
  private final RunViews views;
  private final Catalog catalog;
  private final LogKeeper logs;
  private final ArtifactKeeper artifacts;
  private final Bands bands;

  RunRoutes(Runs runs, RunStore store, RunViews views, Catalog catalog, LogKeeper logs, ArtifactKeeper artifacts) {
    this.runs = runs;
    this.store = store;
    this.views = views;
    this.catalog = catalog;
    this.logs = logs;
    this.artifacts = artifacts;
    this.bands = new Bands(store);
  }

  List<Route> routes() {
    return List.of(
        Route.get(ALL, READ, "listRuns", "Runs that match", "RunList", this::list)
            .query(
                new Query("experiment", "string", null, "id of the experiment; left out: all that are not deleted"),
                new Query("state", "string", null, "states, separated by commas"),
                new Query("task", "string", null, "id of the task"),
                new Query("search", "string", null, "a text in id, name, task, state, tags or params"),
                new Query("sort", "string", "created_at", "created_at, name, state, duration, metric:NAME or param:NAME"),
                new Query("order", "string", "desc", "asc or desc"),
                new Query("limit", "integer", "100", "at most so many, 1 to 1000"),
                new Query("offset", "integer", "0", "leave out so many"),
                new Query("deleted", "boolean", "false", "the deleted ones instead")),
        Route.get(ONE, READ, "getRun", "One run, whole", "RunWhole", this::get),
        Route.get(ONE + "/consumers", READ, "listConsumers", "The runs that read artifacts of this one", "ConsumerList", this::consumers),
        Route.of(HttpMethod.PATCH, ONE, TRACK, "editRun", "Changes a run's name, notes and tags", "Run", this::edit).body("RunEdit"),
        Route.of(HttpMethod.DELETE, ONE, TRACK, "deleteRun", "Hides a run", "Run", call -> hide(call, true)),
        Route.post(ONE + "/restore", TRACK, "restoreRun", "Shows a hidden run again", "Run", call -> hide(call, false)));
  }

  private Future<Answer> list(Call call) {
    QueryParams query = call.query();
    String experiment = query.text("experiment", 19);
    Set<RunState> states = states(query);
    String task = query.text("task", 63);
    String search = query.text("search", 1000);
    String sort = query.text("sort", 300, "created_at");
    if (!SORTS.contains(sort) && !sort.matches("(?s)(metric|param):.+")) {
      query.wrong("sort", "must be one of created_at, name, state, duration, metric:NAME, param:NAME, but is \"" + sort + "\"");
    }
    boolean descending = query.oneOf("order", "desc", "asc", "desc").equals("desc");
    int limit = (int) query.whole("limit", 100, 1, 1000);
    int offset = (int) query.whole("offset", 0, 0, Integer.MAX_VALUE);
    boolean deleted = query.flag("deleted");
    query.done();
    return call.await(store.runs(new RunQuery(experiment, states, task, search, sort, descending, offset, limit, deleted)))
        .compose(page -> call.await(views.views(page)).compose(shown -> call.big(200, out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("runs");
          for (RunJson run : shown) {
            run.write(out);
          }
          out.writeEndArray();
          out.writeNumberField("total", page.total());
          out.writeEndObject();
        })));
  }

  private static Set<RunState> states(QueryParams query) {
    Set<RunState> states = EnumSet.noneOf(RunState.class);
    for (String word : query.text("state", 100, "").split(",")) {
      try {
        if (!word.isEmpty()) {
          states.add(RunState.valueOf(word));
        }
      } catch (IllegalArgumentException e) {
        query.wrong("state", "must be states out of " + List.of(RunState.values()) + ", but has \"" + word + "\"");
      }
    }
    return states;
  }

  private Future<Answer> get(Call call) {
    return runs.named(call)
        .compose(
            run ->
                call.await(views.view(run))
                    .compose(view -> whole(call, run).map(whole -> Answer.json(200, out -> view.write(out, whole)))));
  }

  private Future<Answer> consumers(Call call) {
    return runs.named(call)
        .compose(
            run ->
                call.await(store.consumers(run.id()))
                    .compose(
                        consumers ->
                            call.big(
                                200,
                                out -> {
                                  out.writeStartObject();
                                  out.writeArrayFieldStart("consumers");
                                  for (RunRecord consumer : consumers) {
                                    RunJson.consumer(out, consumer, run.id());
                                  }
                                  out.writeEndArray();
                                  out.writeEndObject();
                                })));
  }

  private Future<RunJson.Whole> whole(Call call, RunRecord run) {
    TaskRef ref = run.task();
    TaskInfo task = ref == null ? null : catalog.pinned(ref.id(), ref.pluginSha256()).orElse(null);
    Future<LogKeeper.@Nullable Slice> log = log(call, run);
    Future<Boolean> resumable = resumable(call, run);
    Future<List<RunJson.Verdict>> verdicts = verdicts(call, run, task);
    Future<List<RunJson.Input>> inputs = inputs(call, run);
    return Future.all(log, resumable, verdicts, inputs)
        .map(
            all ->
                new RunJson.Whole(
                    task == null ? List.of() : task.params(),
                    log.result() == null ? 0 : log.result().size(),
                    log.result() == null ? 0 : log.result().droppedBytes(),
                    resumable.result(),
                    task == null ? null : task.predictor(),
                    task != null && task.languageModel(),
                    verdicts.result(),
                    timed(task),
                    inputs.result()));
  }

  private Future<List<RunJson.Input>> inputs(Call call, RunRecord run) {
    List<Future<RunJson.Input>> inputs =
        RunInput.of(run).stream()
            .map(
                input ->
                    call.await(store.run(input.artifact().run()))
                        .map(source -> new RunJson.Input(input, source.orElse(null))))
            .toList();
    return Future.all(inputs).map(all -> inputs.stream().map(Future::result).toList());
  }

  private static List<String> timed(@Nullable TaskInfo task) {
    return task == null
        ? List.of()
        : task.metrics().stream().filter(TaskInfo.MetricInfo::timed).map(TaskInfo.MetricInfo::name).toList();
  }

  /** Its sizes only. */
  private Future<LogKeeper.@Nullable Slice> log(Call call, RunRecord run) {
    return run.attempts().isEmpty() ? Future.succeededFuture() : call.await(logs.read(run.id(), run.attemptNumber(), 0, 0));
  }

  /** Nobody looks for the checkpoints of a run that cannot be resumed anyway. */
  private Future<Boolean> resumable(Call call, RunRecord run) {
    boolean early = run.state().ended() && run.state() != RunState.FINISHED && !run.draining() && !run.deleted();
    if (!early || run.task() == null || run.attempts().isEmpty()) {
      return Future.succeededFuture(false);
    }
    return call.await(artifacts.artifacts(run.id()))
        .map(all -> all.stream().anyMatch(artifact -> artifact.role() != null))
        // Its files cannot be read: who asks for them is told why, and who looks at the run still sees it.
        .otherwise(false);
  }

  private Future<List<RunJson.Verdict>> verdicts(Call call, RunRecord run, @Nullable TaskInfo task) {
    return task == null ? Future.succeededFuture(List.of()) : call.await(bands.of(run, task));
  }

  private Future<Answer> edit(Call call) {
    Fields fields = call.fields();
    String name = fields.name("name", Limits.NAME);
    String notes = fields.text("notes", Limits.NOTES);
    Map<String, @Nullable String> tags = fields.texts("tags", true, Limits.TAG);
    fields.done();
    return runs.named(call)
        .compose(run -> runs.apply(call, new Change.EditRun(run.id(), name, notes, tags)))
        .compose(applied -> runs.answer(call, 200, applied));
  }

  private Future<Answer> hide(Call call, boolean deleted) {
    return runs.named(call)
        .compose(run -> runs.apply(call, new Change.DeleteRun(run.id(), deleted)))
        .compose(applied -> runs.answer(call, 200, applied));
  }
}
