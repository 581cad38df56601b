package io.trainyard.core.run;

import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.PointsStored;
import io.trainyard.core.bus.Addresses.RunChanged;
import io.trainyard.core.bus.Addresses.Write;
import io.trainyard.core.bus.Bus;
import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.store.Applied;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.RunStore;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the bus and the store: what is asked for is stored, and announced after that, in the order of storing.
 * Nothing is announced before it is stored. Calls come on event loops and go on on the store's thread; neither waits
 * here.
 */
public final class Recorder {
  private final Bus bus;
  private final RunStore store;
  private final InOrder<Stored> order = new InOrder<>();

  private record Stored(Applied applied, @Nullable MetricBatch batch) {}

  public Recorder(Bus bus, RunStore store) {
    this.bus = bus;
    this.store = store;
  }

  public void start() {
    bus.serve(Addresses.APPEND, batch -> record(new Write(new Change.AppendPoints(batch), null)));
    bus.serve(Addresses.APPLY, this::record);
  }

  private CompletionStage<Applied> record(Write write) {
    MetricBatch batch = write.change() instanceof Change.AppendPoints append ? append.batch() : null;
    return order
        .run(
            () ->
                (write.key() == null ? store.apply(write.change()) : store.apply(write.change(), write.key()))
                    .thenApply(applied -> new Stored(applied, batch)),
            this::announce)
        .thenApply(Stored::applied);
  }

  private void announce(Stored stored) {
    Applied applied = stored.applied();
    if (applied.replayed() || applied.duplicate() || applied.run() == null) {
      return;
    }
    if (stored.batch() != null) {
      bus.publish(
          Addresses.METRICS,
          new PointsStored(stored.batch(), applied.run(), applied.previousVersion(), applied.sequence()));
    } else {
      bus.publish(Addresses.CHANGED, new RunChanged(applied.run(), applied.previousVersion(), applied.sequence()));
    }
  }
}
