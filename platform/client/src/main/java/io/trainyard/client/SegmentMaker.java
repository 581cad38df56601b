package io.trainyard.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Prepares the segment after the next on a daemon thread, so that the training never waits for a disk; the writer calls
 * {@link #want} and {@link #take}.
 *
 * <p>Room is judged by the files that exist: what the agent has acknowledged it deletes, and the space is free again.
 * After a failure it tries again each {@value #RETRY_MS} ms, for as long as somebody wants a segment.
 */
final class SegmentMaker implements AutoCloseable {
  private static final long RETRY_MS = 200;

  /** A disk that hangs costs the training this once, and then points instead of time. */
  private static final long PATIENCE_MS = 2000;

  private final Path dir;
  private final int firstSize;
  private final int size;
  private final long limit;
  private final ArrayDeque<Kept> kept = new ArrayDeque<>();
  private final Thread thread;
  private int next;

  private volatile @Nullable Segment ready;
  private volatile boolean failing;
  private boolean wanted = true;
  private boolean closed;

  SegmentMaker(Path dir, int firstSize, int size, long limit) {
    this.dir = dir;
    this.firstSize = firstSize;
    this.size = size;
    this.limit = limit;
    this.thread = new Thread(this::work, "spool-segments");
    thread.setDaemon(true);
    thread.start();
  }

  /** Says that a segment will be needed soon. */
  synchronized void want() {
    wanted = true;
    notifyAll();
  }

  /**
   * The next segment, or null when there is no room or no disk now, or when it is smaller than this. Waits for one that
   * is being made, unless the last attempt failed.
   */
  @Nullable Segment take(int bytes) {
    if (failing && ready == null) {
      return null;
    }
    return await(bytes);
  }

  private synchronized @Nullable Segment await(int bytes) {
    want();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
    boolean interrupted = false;
    while (ready == null && !failing && !closed) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        failing = true;
        break;
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Segment segment = ready;
    if (segment == null || segment.size < bytes) {
      return null;
    }
    ready = null;
    wanted = false;
    return segment;
  }

  private void work() {
    while (awaitWish()) {
      Segment made;
      try {
        made = make();
      } catch (IOException | RuntimeException diskError) {
        // Counted where it is felt: each point that finds no segment is a lost one, and the run says so.
        made = null;
      }
      synchronized (this) {
        ready = made;
        failing = made == null;
        notifyAll();
        if (failing && !closed) {
          pause();
        }
      }
    }
    Segment unused = ready;
    if (unused != null) {
      unused.unmap();
    }
  }

  private synchronized boolean awaitWish() {
    while (!closed && (!wanted || ready != null)) {
      try {
        wait();
      } catch (InterruptedException e) {
        return false;
      }
    }
    return !closed;
  }

  private void pause() {
    try {
      wait(RETRY_MS);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  /** Null beyond the limit. On a disk that is nearly full a small segment has to do. */
  private @Nullable Segment make() throws IOException {
    int bytes = next == 0 ? firstSize : size;
    long used = bytes;
    kept.removeIf(it -> Files.notExists(it.file));
    for (Kept it : kept) {
      used += it.bytes;
    }
    if (used > limit) {
      return null;
    }
    Segment made;
    try {
      made = Segment.create(dir, next, bytes);
    } catch (IOException full) {
      made = Segment.create(dir, next, firstSize);
    }
    kept.add(new Kept(Segment.file(dir, next), made.size));
    next++;
    return made;
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }

  private record Kept(Path file, int bytes) {}
}
