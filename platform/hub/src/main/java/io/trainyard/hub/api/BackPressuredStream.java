package io.trainyard.hub.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A response's body as a stream whose writer waits for its reader. Made on the event loop, written by one worker. */
final class BackPressuredStream extends OutputStream {
  /** A reader that takes nothing for so long has gone, or means harm: the worker is wanted elsewhere. */
  private static final long PATIENCE_SECONDS = 30;

  private final HttpServerResponse response;
  private final Semaphore drained = new Semaphore(0);

  BackPressuredStream(HttpServerResponse response) {
    this.response = response;
    response.drainHandler(go -> drained.release());
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return;
    }
    drained.drainPermits();
    while (response.writeQueueFull() && !response.closed()) {
      await();
    }
    if (response.closed()) {
      throw new IOException("the reader has gone");
    }
    response.write(Buffer.buffer(length).appendBytes(bytes, offset, length));
  }

  private void await() throws IOException {
    try {
      // Short rounds: the reader may go without a word, or drain the queue between our two looks.
      for (int second = 0; second < PATIENCE_SECONDS; second++) {
        if (drained.tryAcquire(1, TimeUnit.SECONDS) || response.closed() || !response.writeQueueFull()) {
          return;
        }
      }
      throw new IOException("the reader has taken nothing for " + PATIENCE_SECONDS + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    // Ended by whoever knows that all of it was written; anything less must not look whole.
  }

  /** All of it was written. */
  void end() {
    response.end();
  }
}
