package io.trainyard.core.run;

import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.LogChunk;
import io.trainyard.core.bus.Addresses.LogStored;
import io.trainyard.core.bus.Bus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Keeps the output of attempts as plain files below {@code logs/<run>/}, so that a person can read them with any tool.
 * Works on one thread of its own, "logs".
 */
public final class FileLogKeeper implements LogKeeper, AutoCloseable {
  private static final Pattern RUN = Pattern.compile("[0-9a-f]{32}");

  private final Home home;
  private final Bus bus;
  private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> new Thread(work, "logs"));

  public FileLogKeeper(Home home, Bus bus) {
    this.home = home;
    this.bus = bus;
  }

  public void start() {
    bus.serve(Addresses.LOG, chunk -> later(() -> append(chunk)));
  }

  @Override
  public CompletionStage<Slice> read(String run, int attempt, long from, int limit) {
    return later(
        () -> {
          try {
            return log(run, attempt).read(from, limit);
          } catch (IOException e) {
            throw new UncheckedIOException("the output of run " + run + " cannot be read: " + e.getMessage(), e);
          }
        });
  }

  @Override
  public void close() {
    thread.shutdown();
  }

  private Long append(LogChunk chunk) {
    try {
      AttemptLog log = log(chunk.run(), chunk.attempt());
      AttemptLog.Appended appended = log.append(chunk.from(), chunk.bytes());
      if (appended.known() < chunk.bytes().length) {
        byte[] fresh = Arrays.copyOfRange(chunk.bytes(), appended.known(), chunk.bytes().length);
        bus.publish(Addresses.LOGGED, new LogStored(chunk.run(), chunk.attempt(), appended.position(), fresh));
      }
      if (chunk.last()) {
        log.force();
      }
      return appended.next();
    } catch (IOException e) {
      throw new UncheckedIOException("the output of run " + chunk.run() + " cannot be written: " + e.getMessage(), e);
    }
  }

  private AttemptLog log(String run, int attempt) {
    if (!RUN.matcher(run).matches()) {
      throw new IllegalArgumentException("\"" + run + "\" is not a run id");
    }
    return new AttemptLog(home.logs().resolve(run), attempt);
  }

  private <T> CompletionStage<T> later(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, thread);
  }
}
