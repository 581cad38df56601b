package io.trainyard.hub.state;

import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.Progress;
import io.trainyard.core.bus.Addresses.QueueStatus;
import io.trainyard.core.bus.Addresses.RunChanged;
import io.trainyard.core.bus.Bus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The latest that the bus said of the queue, and of how far each run is. Written on the event loop; any thread may read. */
public final class Board {
  private final Map<String, Progress> progress = new ConcurrentHashMap<>();
  private volatile QueueStatus queue;

  /** @param slots until the scheduler says so itself */
  public Board(Bus bus, int slots) {
    this.queue = new QueueStatus(0, 0, slots, List.of());
    bus.listen(Addresses.QUEUE, status -> queue = status);
    bus.listen(Addresses.PROGRESS, message -> progress.put(message.run(), message));
    bus.listen(Addresses.CHANGED, this::changed);
  }

  public QueueStatus queue() {
    return queue;
  }

  /** Null when unknown: before the first step is heard of, and after the end. */
  public @Nullable Progress progress(String run) {
    return progress.get(run);
  }

  private void changed(RunChanged message) {
    if (message.run().state().ended()) {
      progress.remove(message.run().id());
    }
  }
}
