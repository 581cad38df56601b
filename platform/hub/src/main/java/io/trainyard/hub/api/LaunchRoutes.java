package io.trainyard.hub.api;

import static io.trainyard.hub.http.Role.LAUNCH;

import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.Launch;
import io.trainyard.core.bus.Addresses.Stop;
import io.trainyard.core.bus.Addresses.Write;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.RunInput;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.TaskRef;
import io.trainyard.core.run.Catalog;
import io.trainyard.core.run.InvalidRequest;
import io.trainyard.core.run.InvalidRequest.FieldError;
import io.trainyard.core.run.ParamCheck;
import io.trainyard.core.store.Applied;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.StoreException;
import io.trainyard.hub.http.Answer;
import io.trainyard.hub.http.Call;
import io.trainyard.hub.http.Route;
import io.trainyard.hub.json.Fields;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Starts and stops training: what asks for the role launch. Called on the event loop. */
final class LaunchRoutes {
  private static final Set<String> SOURCE = Set.of("git_commit", "git_diff", "git_dirty");

  private final Bus bus;
  private final Runs runs;
  private final Catalog catalog;
  private final InstantSource clock;

  LaunchRoutes(Bus bus, Runs runs, Catalog catalog, InstantSource clock) {
    this.bus = bus;
    this.runs = runs;
    this.catalog = catalog;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/api/v1/experiments/{id}/runs", LAUNCH, "launchRun", "Queues a run of a task", "Run", this::launch)
            .body("Launch")
            .status(201),
        Route.post("/api/v1/runs/{id}/stop", LAUNCH, "stopRun", "Asks a run to stop, or kills it", "Run", this::stop)
            .optionalBody("Stop")
            .status(202),
        Route.post("/api/v1/runs/{id}/rerun", LAUNCH, "rerunRun", "Queues the same run again, or one a little different", "Run", this::rerun)
            .optionalBody("Rerun")
            .status(201));
  }

  private Future<Answer> launch(Call call) {
    Fields fields = call.fields();
    String task = fields.required("task", 63);
    Map<String, Object> params = fields.params("params", new HashSet<>());
    Long seed = fields.whole("seed");
    String name = fields.name("name", Limits.NAME);
    Map<String, @Nullable String> tags = fields.texts("tags", false, Limits.TAG);
    String notes = fields.text("notes", Limits.NOTES);
    String data = fields.name("data", Limits.PATH);
    Map<String, @Nullable String> options = fields.texts("options", false, Limits.OPTION);
    Map<String, @Nullable String> source = fields.texts("source", true, Limits.DIFF);
    for (String key : source.keySet()) {
      if (!SOURCE.contains(key)) {
        fields.wrong("source." + key, "is not a field here; there are git_commit, git_diff, git_dirty");
      }
    }
    List<FieldError> wrong = fields.errors();
    if (!wrong.isEmpty()) {
      return call.await(catalog.ready()).compose(known -> Future.failedFuture(refusal(wrong, task, params)));
    }
    return runs.openExperiment(call)
        .compose(
            experiment ->
                queue(
                    call,
                    new Launch(
                        experiment.id(),
                        task,
                        params,
                        seed,
                        name,
                        Limits.withoutNulls(tags),
                        notes == null ? "" : notes,
                        data,
                        null,
                        Limits.withoutNulls(source),
                        Limits.withoutNulls(options),
                        null,
                        List.of(),
                        call.key())));
  }

  private Future<Answer> rerun(Call call) {
    Fields fields = call.fields();
    Set<String> absent = new HashSet<>();
    Map<String, Object> changed = fields.params("params", absent);
    Long seed = fields.whole("seed");
    String name = fields.name("name", Limits.NAME);
    Map<String, @Nullable String> changedOptions = fields.texts("options", false, Limits.OPTION);
    boolean samePlugin = fields.flag("same_plugin");
    fields.done();
    return runs.named(call)
        .compose(
            run -> {
              TaskRef task = run.task();
              if (task == null) {
                throw new StoreException.Conflict("Run " + run.name() + " was logged by its client; only that can run it again.");
              }
              Map<String, Object> params = new LinkedHashMap<>(run.params());
              params.values().removeIf(java.util.Objects::isNull);
              params.putAll(changed);
              params.keySet().removeAll(absent);
              Map<String, String> options = new LinkedHashMap<>(run.options());
              options.putAll(Limits.withoutNulls(changedOptions));
              return queue(
                  call,
                  new Launch(
                      run.experimentId(),
                      task.id(),
                      params,
                      seed == null ? (Long) run.seed() : seed,
                      name,
                      run.tags(),
                      run.notes(),
                      run.dataFolder(),
                      run.id(),
                      Map.of(),
                      options,
                      samePlugin ? task : null,
                      carried(run, changed.keySet()),
                      call.key()));
            });
  }

  /** Inputs of a run that is run again, whose content must still be the same: but those that are given anew. */
  private static List<RunInput> carried(RunRecord run, Set<String> given) {
    Set<String> names = given.stream().map(name -> name.replace('-', '_')).collect(Collectors.toSet());
    return RunInput.of(run).stream()
        .filter(input -> !names.contains(input.param().replaceAll("\\[.*", "")))
        .toList();
  }

  /** The launcher checks params of requests that can be read; of others they are checked here, to say all at once. */
  private InvalidRequest refusal(List<FieldError> wrong, String task, Map<String, Object> params) {
    Set<String> named = wrong.stream().map(FieldError::field).collect(Collectors.toSet());
    List<FieldError> all = new ArrayList<>(wrong);
    try {
      catalog.task(task).ifPresent(known -> ParamCheck.check(known.params(), params));
    } catch (InvalidRequest e) {
      e.errors().stream().filter(error -> !named.contains(error.field())).forEach(all::add);
    }
    return new InvalidRequest(all);
  }

  private Future<Answer> queue(Call call, Launch launch) {
    Future<RunRecord> queued = bus.request(Addresses.LAUNCH, launch);
    return queued.compose(run -> runs.answer(call, 201, run));
  }

  private Future<Answer> stop(Call call) {
    Fields fields = call.fields();
    boolean force = fields.flag("force");
    fields.done();
    return runs.named(call)
        .compose(
            run -> {
              if (!run.state().ended()) {
                return bus.request(Addresses.STOP, new Stop(run.id(), force, call.key()));
              }
              // Sent again with its key, a stop is answered as it was the first time, though the run has ended since;
              // else the store refuses it. A hub that only reads for a command has nobody who stops.
              Change again = new Change.RequestStop(run.id(), clock.millis());
              return bus.request(Addresses.APPLY, new Write(again, call.key())).map(Applied::run);
            })
        .compose(run -> runs.answer(call, 202, run));
  }
}
