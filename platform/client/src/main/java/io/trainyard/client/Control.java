package io.trainyard.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The page of memory that a training process and its agent share: who it is, how far it is, whether it lives, whether
 * it shall stop. Any thread of either may call anything here.
 *
 * <p>Each fact is one aligned 64-bit word, so it is never seen half-written. Either side may come first and creates the
 * page: a stop can be asked for before the training process has opened its spool. The page is never unmapped by hand
 * (the collector does): 4 KiB are not worth a crash of whoever asks once more after a close.
 */
public final class Control {
  static final String FILE = "control";
  static final int SIZE = 4096;

  private static final long MAGIC = 0x314C52544359544CL;
  private static final int STOP = 8;
  private static final int PID = 16;
  private static final int PID_START = 24;
  private static final int HEARTBEAT = 32;
  private static final int STEP = 40;
  private static final int STEPS = 48;
  private static final int EPOCH = 56;
  private static final int EPOCHS = 64;
  private static final int LOGGED = 72;
  private static final int LOST = 80;
  private static final int ENDED = 88;
  private static final int END_TIME = 96;
  private static final int DROPPED = 104;
  private static final int MOVED = 112;
  private static final int END_STATE = 1024;
  private static final int END_REASON = 1152;

  /** Longest reason of an end, in bytes. */
  static final int REASON_MAX = 2048;

  /** The file locks of one process do not exclude each other: this does. */
  private static final Object CREATION = new Object();

  private final ByteBuffer page;

  private Control(ByteBuffer page) {
    this.page = page;
  }

  /** Opens the page of a spool, and creates it and its folder where they are missing. */
  public static Control open(Path dir) throws IOException {
    Files.createDirectories(dir);
    synchronized (CREATION) {
      try (FileChannel file =
              FileChannel.open(
                  dir.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
          FileLock lock = file.lock()) {
        if (lock.isValid() && file.size() < SIZE) {
          // Written, not only extended: a page of a file with a hole would end in SIGBUS on a full disk.
          ByteBuffer empty = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN).putLong(0, MAGIC);
          while (empty.hasRemaining()) {
            file.write(empty, empty.position());
          }
        }
        Control control = new Control(file.map(FileChannel.MapMode.READ_WRITE, 0, SIZE).order(ByteOrder.LITTLE_ENDIAN));
        if (control.get(0) != MAGIC) {
          throw new IOException(dir.resolve(FILE) + " is not the control page of a spool of this version");
        }
        return control;
      }
    }
  }

  /**
   * A page that nobody shares, for a writer whose folder cannot be written: the training goes on, and everything is
   * lost.
   */
  static Control detached() {
    return new Control(ByteBuffer.allocateDirect(SIZE).order(ByteOrder.LITTLE_ENDIAN));
  }

  /** Asks the training to stop at the end of its block of steps. There is no way back. */
  public void requestStop() {
    set(STOP, 1);
  }

  public boolean stopRequested() {
    return get(STOP) != 0;
  }

  /** The training process, 0 while it has not opened the spool. */
  public long pid() {
    return get(PID);
  }

  /** {@link Pids#startOf} of that process: tells it from another one that got the same number later. */
  public long pidStart() {
    return get(PID_START);
  }

  /** When the training process last said that it lives, in milliseconds since 1970; 0 for never. */
  public long heartbeat() {
    return get(HEARTBEAT);
  }

  public void beat(long ms) {
    set(HEARTBEAT, ms);
  }

  /** How far the training is; a 0 is unknown. The four words may be of neighbouring moments. */
  public Progress progress() {
    return new Progress(get(STEP), get(STEPS), get(EPOCH), get(EPOCHS));
  }

  /** Points that the spool took. */
  public long logged() {
    return get(LOGGED);
  }

  /** Points that the spool could not take. Never reset. */
  public long lost() {
    return get(LOST);
  }

  /** Whether the training process said that it is done, and how. */
  public boolean ended() {
    return get(ENDED) != 0;
  }

  /** Bytes of the training's output that were dropped from the middle of its log. */
  public long droppedLogBytes() {
    return get(DROPPED);
  }

  void droppedLogBytes(long bytes) {
    set(DROPPED, bytes);
  }

  long movedLogBytes() {
    return get(MOVED);
  }

  void movedLogBytes(long bytes) {
    set(MOVED, bytes);
  }

  void process(long pid, long start) {
    set(PID_START, start);
    set(PID, pid);
  }

  void progress(long step, long steps, long epoch, long epochs) {
    set(STEP, step);
    set(STEPS, steps);
    set(EPOCH, epoch);
    set(EPOCHS, epochs);
  }

  void step(long step) {
    set(STEP, step);
  }

  void logged(long points) {
    set(LOGGED, points);
  }

  void lost(long points) {
    set(LOST, points);
  }

  /** The end is written here too: where no segment could be had, this is all that is left of it. */
  void end(String state, String reason, long ms) {
    text(END_STATE, state, 100);
    text(END_REASON, reason, REASON_MAX);
    set(END_TIME, ms);
    set(ENDED, 1);
  }

  String endState() {
    return text(END_STATE);
  }

  String endReason() {
    return text(END_REASON);
  }

  long endTime() {
    return get(END_TIME);
  }

  private long get(int offset) {
    return (long) Layout.LONGS.getAcquire(page, offset);
  }

  private void set(int offset, long value) {
    Layout.LONGS.setRelease(page, offset, value);
  }

  private void text(int offset, String text, int max) {
    byte[] bytes = Utf8.cut(text, max);
    page.putInt(offset, bytes.length).put(offset + 4, bytes);
  }

  private String text(int offset) {
    byte[] bytes = new byte[Math.max(0, Math.min(page.getInt(offset), REASON_MAX))];
    page.get(offset + 4, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** How far a training is. */
  public record Progress(long step, long steps, long epoch, long epochs) {}
}
