package io.trainyard.core.run;

import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.LogChunk;
import io.trainyard.core.bus.Addresses.LogStored;
import io.trainyard.core.bus.Bus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Keeps the output of attempts as plain files, {@code logs/<run>/<attempt>.log}, so that a person can read them with any tool. Works on
 * one thread of its own, "logs".
 *
 * <p>Chunks say at which byte they go, so one that is sent again changes nothing. How many bytes were dropped stands in {@code
 * <attempt>.dropped} beside the log.
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
          Path file = file(run, attempt);
          try {
            if (!Files.exists(file)) {
              return new Slice(0, new byte[0], 0, 0);
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
              long size = channel.size();
              long start = Math.min(size, from < 0 ? Math.max(0, size + from) : from);
              ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(limit, size - start));
              while (bytes.hasRemaining() && channel.read(bytes, start + bytes.position()) >= 0) {
                continue;
              }
              return new Slice(start, bytes.array(), size, dropped(run, attempt));
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Override
  public void close() {
    thread.shutdown();
  }

  private Long append(LogChunk chunk) {
    Path file = file(chunk.run(), chunk.attempt());
    try {
      Files.createDirectories(file.getParent());
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        long size = channel.size();
        int known = (int) Math.min(chunk.bytes().length, Math.max(0, size - chunk.from()));
        if (chunk.from() <= size && known < chunk.bytes().length) {
          ByteBuffer rest = ByteBuffer.wrap(chunk.bytes(), known, chunk.bytes().length - known);
          long at = size;
          while (rest.hasRemaining()) {
            at += channel.write(rest, at);
          }
          byte[] fresh = known == 0 ? chunk.bytes() : java.util.Arrays.copyOfRange(chunk.bytes(), known, chunk.bytes().length);
          bus.publish(Addresses.LOGGED, new LogStored(chunk.run(), chunk.attempt(), size, fresh));
          size = at;
        }
        if (chunk.droppedBytes() > 0) {
          Files.writeString(droppedFile(chunk.run(), chunk.attempt()), Long.toString(chunk.droppedBytes()));
        }
        if (chunk.last()) {
          channel.force(true);
        }
        return size;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the output of run " + chunk.run() + " cannot be written: " + e.getMessage(), e);
    }
  }

  private long dropped(String run, int attempt) throws IOException {
    Path file = droppedFile(run, attempt);
    return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
  }

  private Path file(String run, int attempt) {
    if (!RUN.matcher(run).matches()) {
      throw new IllegalArgumentException("\"" + run + "\" is not a run id");
    }
    return home.logs().resolve(run).resolve(attempt + ".log");
  }

  private Path droppedFile(String run, int attempt) {
    return file(run, attempt).resolveSibling(attempt + ".dropped");
  }

  private <T> CompletionStage<T> later(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, thread);
  }
}
