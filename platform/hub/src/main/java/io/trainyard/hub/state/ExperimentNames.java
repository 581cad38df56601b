package io.trainyard.hub.state;

import io.trainyard.core.model.Experiment;
import io.trainyard.core.store.RunStore;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Experiments' names by id: every run is shown with one, and runs know only the id. Any thread may call.
 *
 * <p>The hub is the only way to rename one, and tells this; so a name that is here is right.
 */
public final class ExperimentNames {
  private final RunStore store;
  private final Map<String, String> names = new ConcurrentHashMap<>();

  public ExperimentNames(RunStore store) {
    this.store = store;
  }

  public void is(Experiment experiment) {
    names.put(experiment.id(), experiment.name());
  }

  /** The id itself where there is no such experiment. */
  public CompletionStage<String> of(String id) {
    String known = names.get(id);
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    return store
        .experiment(id)
        .thenApply(
            found -> {
              found.ifPresent(this::is);
              return found.map(Experiment::name).orElse(id);
            });
  }

  /** Completes when {@link #of} knows all of these at once. */
  public CompletionStage<Void> learn(Iterable<String> ids) {
    CompletionStage<Void> all = CompletableFuture.completedFuture(null);
    for (String id : ids) {
      if (!names.containsKey(id)) {
        all = all.thenCompose(previous -> of(id)).thenApply(name -> null);
      }
    }
    return all;
  }

  /** What is known already; the id itself otherwise. */
  public String now(String id) {
    return names.getOrDefault(id, id);
  }
}
