package io.trainyard.core.run;

import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.Launch;
import io.trainyard.core.bus.Addresses.Write;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.ParamSpec;
import io.trainyard.core.model.RunRecord;
import io.trainyard.core.model.RunState;
import io.trainyard.core.model.TaskInfo;
import io.trainyard.core.model.TaskRef;
import io.trainyard.core.run.InvalidRequest.FieldError;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.RunStore;
import io.trainyard.core.store.StoreException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Turns a request into a queued run: checks everything at once against the task's spec, pins the SHA-256 of the plugin
 * and of what the run reads of other runs, and stores. Called on an event loop, and goes on where the keeper of the
 * artifacts answers; asks no disk but whether the data folder and the JAR are there.
 */
public final class Launcher {
  private static final int NAME_LENGTH = 250;

  private final Bus bus;
  private final PluginCatalog catalog;
  private final InputPins pins;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  public Launcher(Bus bus, PluginCatalog catalog, RunStore store, ArtifactKeeper artifacts, Clock clock) {
    this.bus = bus;
    this.catalog = catalog;
    this.pins = new InputPins(store, artifacts);
    this.clock = clock;
  }

  public void start() {
    bus.serve(
        Addresses.LAUNCH,
        launch ->
            catalog.ready()
                .thenCompose(ready -> known(launch))
                .thenCompose(known -> pinned(launch))
                .thenCompose(pinned -> launch(launch, pinned)));
  }

  /** What stood in the way of the task may have gone since. */
  private CompletionStage<Void> known(Launch launch) {
    boolean unavailable = wanted(launch).filter(task -> task.unavailable() != null).isPresent();
    return unavailable && launch.data() == null ? catalog.askAgain() : CompletableFuture.completedFuture(null);
  }

  private CompletionStage<InputPins.Pinned> pinned(Launch launch) {
    List<ParamSpec> specs = wanted(launch).map(TaskInfo::params).orElse(List.of());
    return pins.pin(specs, launch.params(), launch.inputs());
  }

  private CompletionStage<RunRecord> launch(Launch launch, InputPins.Pinned pinned) {
    RunRecord run = checked(launch, pinned);
    return bus.request(Addresses.APPLY, new Write(new Change.CreateRun(run), launch.key()))
        .map(
            applied -> {
              if (applied.run() == null) {
                throw new StoreException.NotFound("the run that this key created is gone");
              }
              return applied.run();
            })
        .toCompletionStage();
  }

  private RunRecord checked(Launch launch, InputPins.Pinned pinned) {
    List<FieldError> errors = new ArrayList<>();
    Map<String, Object> params = Map.of();
    Optional<TaskInfo> task = wanted(launch);
    if (task.isEmpty()) {
      List<String> ids = catalog.tasks().stream().map(TaskInfo::id).toList();
      errors.add(new FieldError("task", "\"" + launch.task() + "\" " + Nearest.unknown(launch.task(), ids, "task")));
    } else if (task.get().unavailable() != null && launch.data() == null) {
      errors.add(new FieldError("task", "\"" + launch.task() + "\" cannot run here: " + task.get().unavailable()));
    } else {
      try {
        params = ParamCheck.check(task.get().params(), pinned.params());
      } catch (InvalidRequest e) {
        errors.addAll(e.errors());
      }
      errors.addAll(pinned.errors());
    }
    if (launch.name() != null && (launch.name().isBlank() || launch.name().length() > NAME_LENGTH)) {
      errors.add(new FieldError("name", "must have 1 to " + NAME_LENGTH + " characters"));
    }
    if (launch.data() != null && !isFolder(launch.data())) {
      errors.add(new FieldError("data", "\"" + launch.data() + "\" is not a folder on the machine that trains"));
    }
    errors.addAll(RunOptions.errors(launch.options()));
    if (!errors.isEmpty()) {
      throw new InvalidRequest(errors);
    }
    String id = newId();
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("task", task.orElseThrow().id());
    TaskRef ref = launch.pinned() == null ? task.orElseThrow().ref() : launch.pinned();
    provenance.put("plugin.file", ref.pluginFile());
    provenance.put("plugin.version", ref.pluginVersion());
    provenance.put("plugin.sha256", ref.pluginSha256());
    provenance.putAll(launch.source());
    pinned.inputs().forEach(input -> provenance.put(input.key(), input.written()));
    return new RunRecord(
        id,
        launch.experiment(),
        launch.name() == null ? launch.task() + "-" + id.substring(0, 6) : launch.name(),
        RunState.QUEUED,
        null,
        ref,
        params,
        launch.seed() == null ? random.nextInt(Integer.MAX_VALUE) : launch.seed(),
        launch.tags(),
        launch.notes(),
        clock.millis(),
        null,
        null,
        false,
        false,
        null,
        0,
        launch.rerunOf(),
        false,
        launch.data(),
        RunOptions.complete(launch.options()),
        null,
        null,
        List.of(),
        provenance,
        0);
  }

  /** What the plugins folder offers; or what it has offered at some time, where a certain JAR is asked for. */
  private Optional<TaskInfo> wanted(Launch launch) {
    Optional<TaskInfo> now = catalog.task(launch.task());
    TaskRef pinned = launch.pinned();
    if (pinned == null || now.filter(task -> task.ref().pluginSha256().equals(pinned.pluginSha256())).isPresent()) {
      return now;
    }
    Optional<TaskInfo> then = catalog.pinned(launch.task(), pinned.pluginSha256());
    if (then.isEmpty() || !Files.exists(catalog.jar(pinned.pluginSha256()))) {
      throw new StoreException.Conflict(
          pinned.pluginFile() + " with the SHA-256 " + pinned.pluginSha256() + " is not here any more: its copy has gone from the data folder's"
              + " plugins/.store. Put that JAR into the plugins folder, or run the task as it is now (rerun).");
    }
    return then;
  }

  private static boolean isFolder(String path) {
    try {
      return Files.isDirectory(Path.of(path));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private String newId() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
