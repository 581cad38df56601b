package io.trainyard.store.write;

import io.trainyard.core.store.Applied;
import io.trainyard.core.store.Change;
import io.trainyard.core.store.IdempotencyKey;
import io.trainyard.core.store.StoreException;
import io.trainyard.store.state.KeyEntry;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A change on its way, or something that the writer thread is to do between two groups. The writer thread fills in what
 * it comes to.
 */
final class Pending {
  final @Nullable Change change;
  final @Nullable IdempotencyKey key;
  final @Nullable Runnable control;
  final CompletableFuture<Applied> stage = new CompletableFuture<>();

  @Nullable Decision decision;
  @Nullable KeyEntry entry;
  @Nullable Applied applied;
  @Nullable StoreException refusal;
  long sequence;

  private final int points;

  Pending(Change change, @Nullable IdempotencyKey key) {
    this.change = change;
    this.key = key;
    this.control = null;
    this.points = change instanceof Change.AppendPoints append ? append.batch().points() : 0;
  }

  Pending(Runnable control) {
    this.change = null;
    this.key = null;
    this.control = control;
    this.points = 0;
  }

  boolean isControl() {
    return control != null;
  }

  int points() {
    return points;
  }

  void complete() {
    if (refusal != null) {
      stage.completeExceptionally(refusal);
    } else {
      stage.complete(applied);
    }
  }
}
