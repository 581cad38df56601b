package io.trainyard.core.agent;

import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.LogChunk;
import io.trainyard.core.bus.Bus;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Ships what an attempt's runner prints. Used by the agent's thread; one chunk is on its way at a time. */
final class OutputTail {
  private static final int CHUNK = 256 * 1024;

  private final Bus bus;
  private final String run;
  private final int attempt;
  private final Path spool;
  private long next = -1;
  private boolean busy;

  OutputTail(Bus bus, String run, int attempt, Path spool) {
    this.bus = bus;
    this.run = run;
    this.attempt = attempt;
    this.spool = spool;
  }

  /** Sends the next chunk, if there is one; answers whether everything that is there now has arrived. */
  Future<Boolean> ship(long dropped, boolean last) {
    if (busy) {
      return Future.succeededFuture(false);
    }
    byte[] bytes;
    boolean more;
    try {
      Path file = spool.resolve(RunnerProcess.OUTPUT);
      long size = Files.exists(file) ? Files.size(file) : 0;
      long from = Math.max(next, 0);
      // With next = -1 an empty chunk asks how much an earlier hub has shipped.
      bytes = next < 0 ? new byte[0] : read(file, from, (int) Math.min(CHUNK, Math.max(0, size - from)));
      more = next < 0 || from + bytes.length < size;
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
    boolean nothing = bytes.length == 0 && !more;
    if (nothing && !last) {
      return Future.succeededFuture(true);
    }
    busy = true;
    return bus.request(Addresses.LOG, new LogChunk(run, attempt, Math.max(next, 0), bytes, dropped, last && !more))
        .map(
            at -> {
              next = at;
              return !more;
            })
        .onComplete(done -> busy = false);
  }

  /** The last lines that are not empty, for a reason of failure. */
  String lastLines(int lines, int maxChars) {
    Path file = spool.resolve(RunnerProcess.OUTPUT);
    try {
      if (!Files.exists(file)) {
        return "";
      }
      long size = Files.size(file);
      long from = Math.max(0, size - 8192);
      String[] tail = new String(read(file, from, (int) (size - from)), StandardCharsets.UTF_8).strip().split("\n");
      StringBuilder text = new StringBuilder();
      for (int i = Math.max(0, tail.length - lines); i < tail.length; i++) {
        text.append(text.length() == 0 ? "" : "\n").append(tail[i].strip());
      }
      return text.length() <= maxChars ? text.toString() : text.substring(text.length() - maxChars);
    } catch (IOException e) {
      return "";
    }
  }

  private static byte[] read(Path file, long from, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {
        continue;
      }
    }
    return java.util.Arrays.copyOf(buffer.array(), buffer.position());
  }
}
