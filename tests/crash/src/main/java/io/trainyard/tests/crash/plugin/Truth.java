package io.trainyard.tests.crash.plugin;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How much a run has logged, in a mapped file of its own that survives its kill -9. The run's thread writes, any thread of the harness reads.
 *
 * <p>Each series has two counters: {@code begun} grows before {@code Run.log} is called, {@code done} after it has returned. A process that is
 * killed leaves them equal, or killed within the call; what must be in the store lies between them.
 */
public final class Truth {
  private static final int SIZE = 4096;
  private static final int PID = 0;
  private static final int RETURNED = 8;
  private static final int COUNTERS = 64;
  private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final ByteBuffer page;

  private Truth(ByteBuffer page) {
    this.page = page;
  }

  public static Truth open(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new Truth(channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE));
    }
  }

  /** The process that trains; 0 while there is none. */
  public long pid() {
    return get(PID);
  }

  void started(long pid) {
    set(PID, pid);
  }

  /** Whether the task has come to its end. */
  public boolean returned() {
    return get(RETURNED) != 0;
  }

  void returns() {
    set(RETURNED, 1);
  }

  public long begun(Known series) {
    return get(COUNTERS + 16 * series.ordinal());
  }

  public long done(Known series) {
    return get(COUNTERS + 16 * series.ordinal() + 8);
  }

  /** Points of all series that were logged for certain. */
  public long done() {
    long sum = 0;
    for (Known series : Known.values()) {
      sum += done(series);
    }
    return sum;
  }

  /** A full fence: nothing of the logging may be seen before this. */
  void begin(Known series, long count) {
    LONGS.setVolatile(page, COUNTERS + 16 * series.ordinal(), count);
  }

  void finish(Known series, long count) {
    set(COUNTERS + 16 * series.ordinal() + 8, count);
  }

  private long get(int offset) {
    return (long) LONGS.getAcquire(page, offset);
  }

  private void set(int offset, long value) {
    LONGS.setRelease(page, offset, value);
  }
}
