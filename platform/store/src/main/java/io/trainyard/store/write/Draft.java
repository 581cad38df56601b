package io.trainyard.store.write;

import io.trainyard.core.model.Attempt;
import io.trainyard.core.model.Experiment;
import io.trainyard.store.state.KeyEntry;
import io.trainyard.store.state.RunEntry;
import io.trainyard.store.state.RunImage;
import io.trainyard.store.state.State;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state as it will be once the group being gathered is durable. Changes are checked against it, readers do not see
 * it, and a group that fails takes it along. Only the writer thread uses it.
 */
final class Draft {
  private final State state;
  private final Map<String, RunImage> runs = new HashMap<>();
  private final Map<String, Experiment> experiments = new HashMap<>();
  private final Map<String, KeyEntry> keys = new HashMap<>();
  private long lastFence;
  private long lastExperiment;

  Draft(State state) {
    this.state = state;
    clear();
  }

  void clear() {
    runs.clear();
    experiments.clear();
    keys.clear();
    lastFence = state.lastFence();
    lastExperiment = state.lastExperiment();
  }

  @Nullable RunImage run(String id) {
    RunImage image = runs.get(id);
    if (image == null) {
      RunEntry entry = state.run(id);
      image = entry == null ? null : entry.image();
    }
    return image;
  }

  @Nullable Experiment experiment(String id) {
    Experiment experiment = experiments.get(id);
    return experiment == null ? state.experiment(id) : experiment;
  }

  @Nullable Experiment experimentNamed(String name) {
    for (Experiment drafted : experiments.values()) {
      if (drafted.name().equals(name)) {
        return drafted;
      }
    }
    String id = state.experimentId(name);
    return id == null || experiments.containsKey(id) ? null : state.experiment(id);
  }

  @Nullable KeyEntry key(String key, long now) {
    KeyEntry drafted = keys.get(key);
    return drafted == null ? state.keys().find(key, now) : drafted;
  }

  long nextFence() {
    return lastFence + 1;
  }

  String nextExperiment() {
    return Long.toString(lastExperiment + 1);
  }

  void put(RunImage image) {
    runs.put(image.run().id(), image);
    for (Attempt attempt : image.run().attempts()) {
      lastFence = Math.max(lastFence, attempt.fence());
    }
  }

  void put(Experiment experiment) {
    experiments.put(experiment.id(), experiment);
    lastExperiment = Math.max(lastExperiment, Long.parseLong(experiment.id()));
  }

  void put(KeyEntry key) {
    keys.put(key.key(), key);
  }
}
