package io.trainyard.core.run;

import java.util.ArrayDeque;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls back in the order of the calls, although a stage may be complete before anybody can attach to it. Any thread.
 *
 * <p>The store completes its stages in the order of the changes. But a stage that is complete when {@code whenComplete}
 * is attached runs its callback on the attaching thread, beside a later change's callback on the store's thread; the
 * second could be announced first. So each call takes a place in a line before it starts, and whoever finishes
 * announces from the head of the line only.
 */
final class InOrder<T> {
  private final ArrayDeque<Place<T>> line = new ArrayDeque<>();

  private static final class Place<T> {
    boolean done;
    @Nullable T result;
  }

  /** Starts; when this and all before it have ended, calls {@code then} with the result, if there is one. */
  CompletionStage<T> run(Supplier<CompletionStage<T>> start, Consumer<T> then) {
    Place<T> place = new Place<>();
    CompletionStage<T> stage;
    synchronized (line) {
      line.add(place);
      try {
        stage = start.get();
      } catch (RuntimeException e) {
        line.remove(place);
        throw e;
      }
    }
    return stage.whenComplete(
        (result, error) -> {
          synchronized (line) {
            place.done = true;
            place.result = result;
            while (!line.isEmpty() && line.peek().done) {
              T head = line.remove().result;
              if (head != null) {
                then.accept(head);
              }
            }
          }
        });
  }
}
