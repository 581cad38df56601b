package io.trainyard.core.run;

import io.trainyard.core.model.PluginInfo;
import io.trainyard.core.model.TaskInfo;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What can be launched, as of now. Any thread may ask; answers are from memory. */
public interface Catalog {
  List<PluginInfo> plugins();

  /** By id. */
  List<TaskInfo> tasks();

  /** Completes when all that was there at the start is known; before that the lists may lack it. */
  default CompletionStage<Void> ready() {
    return CompletableFuture.completedFuture(null);
  }

  /**
   * Asks again why tasks cannot be launched here, unless that was asked a moment ago: data may have been downloaded, or
   * a package installed. Completes when {@link #tasks} knows.
   */
  default CompletionStage<Void> askAgain() {
    return CompletableFuture.completedFuture(null);
  }

  default Optional<TaskInfo> task(String id) {
    return tasks().stream().filter(task -> task.id().equals(id)).findFirst();
  }

  /** The specs of params of the task version that a run was pinned to; empty when that is no longer known. */
  Optional<TaskInfo> pinned(String taskId, String pluginSha256);
}
