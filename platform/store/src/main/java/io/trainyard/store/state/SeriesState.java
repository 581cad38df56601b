package io.trainyard.store.state;

import io.trainyard.core.model.MetricBatch;
import io.trainyard.core.model.SeriesSummary;
import io.trainyard.store.chunk.ChunkRef;
import io.trainyard.store.chunk.Points;
import io.trainyard.store.chunk.SeriesKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One attempt's series: its newest points in memory, and where the older ones lie. The writer thread appends, the
 * sealer replaces frozen heads by chunks, reader threads take a consistent picture of both.
 *
 * <p>Two locks, always in this order: {@code index} is held while the list of chunks is loaded or changed, which
 * touches the view and can wait for a checkpoint; the monitor guards the fields and is held for moments. The writer
 * thread takes only the monitor, so a checkpoint never stalls it.
 */
public final class SeriesState {
  private static final int FIRST_ROOM = 32;

  /** Where the list of a series' chunks is kept. */
  @FunctionalInterface
  public interface ChunkIndex {
    List<ChunkRef> chunks(SeriesKey key);
  }

  /** A consistent picture: no point in two parts, none missing. */
  public record Picture(List<ChunkRef> chunks, List<Points> heads) {}

  private final SeriesKey key;
  private final ReentrantLock index = new ReentrantLock();

  private long[] steps = new long[0];
  private long[] times = new long[0];
  private double[] values = new double[0];
  private int count;
  private long headFrom;
  private long headTo;
  private final List<FrozenHead> frozen = new ArrayList<>();
  private Tally all = new Tally();
  private Tally sealed = new Tally();
  private long sealedSequence;
  private @Nullable List<ChunkRef> chunks = new ArrayList<>();

  public SeriesState(SeriesKey key) {
    this.key = key;
  }

  public SeriesKey key() {
    return key;
  }

  /** What the view knew: the points in chunks. The list of chunks is loaded when somebody asks. */
  public synchronized void restore(Tally inChunks, long throughSequence) {
    sealed = inChunks.copy();
    all = inChunks.copy();
    sealedSequence = throughSequence;
    chunks = null;
  }

  /**
   * Adds points that are durable in the journal, unless a chunk has them already.
   *
   * @param sequence of their record
   * @return how many points were added
   */
  public synchronized int append(MetricBatch.Column column, long sequence) {
    int added = column.steps().length;
    if (sequence <= sealedSequence || added == 0) {
      return 0;
    }
    all.add(column.steps(), column.times(), column.values(), 0, added);
    if (count == 0) {
      headFrom = sequence;
    }
    headTo = sequence;
    if (steps.length - count < added) {
      int room = Math.max(Math.max(FIRST_ROOM, 2 * steps.length), count + added);
      steps = Arrays.copyOf(steps, room);
      times = Arrays.copyOf(times, room);
      values = Arrays.copyOf(values, room);
    }
    System.arraycopy(column.steps(), 0, steps, count, added);
    System.arraycopy(column.times(), 0, times, count, added);
    System.arraycopy(column.values(), 0, values, count, added);
    count += added;
    return added;
  }

  /**
   * Freezes the head when it holds that many points; between two records only, so that a record is never half sealed.
   */
  public synchronized @Nullable FrozenHead freezeFrom(int points) {
    return count >= points ? freeze() : null;
  }

  /** Freezes the head when it keeps a journal record up to this sequence alive. */
  public synchronized @Nullable FrozenHead freezeThrough(long sequence) {
    return count > 0 && headFrom <= sequence ? freeze() : null;
  }

  private FrozenHead freeze() {
    FrozenHead head = new FrozenHead(this, headTo, steps, times, values, count);
    frozen.add(head);
    steps = new long[0];
    times = new long[0];
    values = new double[0];
    count = 0;
    return head;
  }

  public synchronized SeriesSummary summary() {
    return all.summary(key.series());
  }

  public synchronized long pointCount() {
    return all.count();
  }

  /** Whether all its points lie within these steps, so that the running summary is that of the range. */
  public synchronized boolean within(long fromStep, long toStep) {
    return all.count() == 0 || fromStep <= all.firstStep() && all.lastStep() <= toStep;
  }

  public synchronized Tally sealedTally() {
    return sealed.copy();
  }

  public synchronized long sealedSequence() {
    return sealedSequence;
  }

  /** The highest step in its chunks; Long.MIN_VALUE when there are none. */
  public synchronized long sealedTo() {
    return sealed.count() == 0 ? Long.MIN_VALUE : sealed.lastStep();
  }

  /** For a reader thread, which holds a pin on the chunk files. */
  public Picture picture(ChunkIndex from) {
    List<ChunkRef> parts;
    List<FrozenHead> waiting;
    long[] headSteps;
    long[] headTimes;
    double[] headValues;
    int headCount;
    index.lock();
    try {
      List<ChunkRef> known = loaded(from);
      synchronized (this) {
        parts = List.copyOf(known);
        waiting = List.copyOf(frozen);
        // Nobody writes below `count` of arrays that were handed out, and growing copies them: the picture needs no
        // copy.
        headSteps = steps;
        headTimes = times;
        headValues = values;
        headCount = count;
      }
    } finally {
      index.unlock();
    }
    List<Points> heads = new ArrayList<>(waiting.size() + 1);
    for (FrozenHead head : waiting) {
      heads.add(head.points());
    }
    if (headCount > 0) {
      heads.add(Points.ordered(headSteps, headTimes, headValues, headCount));
    }
    return new Picture(parts, heads);
  }

  /** The list of chunks, for the sealer. */
  public List<ChunkRef> chunks(ChunkIndex from) {
    index.lock();
    try {
      return List.copyOf(loaded(from));
    } finally {
      index.unlock();
    }
  }

  private List<ChunkRef> loaded(ChunkIndex from) {
    synchronized (this) {
      if (chunks != null) {
        return chunks;
      }
    }
    List<ChunkRef> read = new ArrayList<>(from.chunks(key));
    synchronized (this) {
      chunks = read;
    }
    return read;
  }

  /** Synced chunks take the place of a frozen head: in the view first, then here, unseen by readers in between. */
  public void sealed(FrozenHead head, List<ChunkRef> fresh, Runnable view) {
    index.lock();
    try {
      synchronized (this) {
        for (ChunkRef chunk : fresh) {
          sealed.add(chunk.summary());
        }
        sealedSequence = Math.max(sealedSequence, head.sequence());
      }
      try {
        view.run();
      } finally {
        synchronized (this) {
          frozen.remove(head);
          if (chunks != null) {
            chunks.addAll(fresh);
          }
        }
      }
    } finally {
      index.unlock();
    }
  }

  /** Synced chunks take the place of others with the same points. */
  public void moved(List<ChunkRef> gone, List<ChunkRef> fresh, Runnable view) {
    index.lock();
    try {
      try {
        view.run();
      } finally {
        synchronized (this) {
          if (chunks != null) {
            chunks.removeIf(new HashSet<>(gone)::contains);
            chunks.addAll(fresh);
          }
        }
      }
    } finally {
      index.unlock();
    }
  }

  /** Gives the memory of the list back, unless somebody is using it; the view has it. */
  void forgetChunks() {
    if (index.tryLock()) {
      try {
        synchronized (this) {
          chunks = sealed.count() > 0 ? null : chunks;
        }
      } finally {
        index.unlock();
      }
    }
  }
}
