package io.trainyard.core.agent;

import io.trainyard.client.OutputLog;
import io.trainyard.core.bus.Addresses;
import io.trainyard.core.bus.Addresses.LogChunk;
import io.trainyard.core.bus.Bus;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Ships what an attempt's runner prints. Used by the agent's thread; one chunk is on its way at a time. */
final class OutputTail {
  private static final int CHUNK = 1 << 20;
  private static final int LAST_BYTES = 8192;

  private final Bus bus;
  private final String run;
  private final int attempt;
  private final OutputLog output;
  private long next = -1;
  private boolean busy;

  OutputTail(Bus bus, String run, int attempt, OutputLog output) {
    this.bus = bus;
    this.run = run;
    this.attempt = attempt;
    this.output = output;
  }

  /** Sends the next chunk, if there is one; answers whether everything that is there now has arrived. */
  Future<Boolean> ship(boolean last) {
    if (busy) {
      return Future.succeededFuture(false);
    }
    LogChunk chunk;
    boolean more;
    try {
      if (next < 0) {
        // An empty chunk asks how far an earlier hub has come.
        chunk = new LogChunk(run, attempt, 0, new byte[0], false);
        more = true;
      } else {
        OutputLog.Slice slice = output.read(next, CHUNK);
        more = slice.position() + slice.bytes().length < output.size();
        chunk = new LogChunk(run, attempt, slice.position(), slice.bytes(), last && !more);
      }
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
    if (chunk.bytes().length == 0 && !more && !last) {
      return Future.succeededFuture(true);
    }
    busy = true;
    return bus.request(Addresses.LOG, chunk)
        .map(
            at -> {
              next = at;
              return !more;
            })
        .onComplete(done -> busy = false);
  }

  /** The last lines, for a reason of failure. */
  String lastLines(int lines, int maxChars) {
    try {
      byte[] bytes = output.read(Math.max(0, output.size() - LAST_BYTES), LAST_BYTES).bytes();
      String[] tail = new String(bytes, StandardCharsets.UTF_8).strip().split("\n");
      StringBuilder text = new StringBuilder();
      for (int i = Math.max(0, tail.length - lines); i < tail.length; i++) {
        text.append(text.length() == 0 ? "" : "\n").append(tail[i].strip());
      }
      return text.length() <= maxChars ? text.toString() : text.substring(text.length() - maxChars);
    } catch (IOException e) {
      return "";
    }
  }
}
