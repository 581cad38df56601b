package io.trainyard.store.read;

import io.trainyard.core.store.StoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The threads "store-reader-N" that answer questions. They end when idle, and are never more than a few: what they read
 * is mostly in memory.
 */
public final class ReaderPool {
  private static final int MOST_WAITING = 10_000;

  private final ThreadPoolExecutor pool;

  public ReaderPool() {
    int threads = Math.min(8, Math.max(2, Runtime.getRuntime().availableProcessors()));
    AtomicInteger number = new AtomicInteger();
    pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            task -> {
              Thread thread = new Thread(task, "store-reader-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
  }

  public <T> CompletionStage<T> ask(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      pool.execute(
          () -> {
            try {
              answer.complete(question.get());
            } catch (Throwable failure) {
              answer.completeExceptionally(failure);
            }
          });
    } catch (RejectedExecutionException refused) {
      answer.completeExceptionally(
          pool.isShutdown()
              ? new StoreException.Unusable("The store is closed.")
              : new StoreException.Overloaded("Too many questions wait; ask again later."));
    }
    return answer;
  }

  /** Lets the questions that were asked be answered. */
  public void close() throws InterruptedException {
    pool.shutdown();
    pool.awaitTermination(30, TimeUnit.SECONDS);
  }
}
