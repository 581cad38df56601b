package io.trainyard.core.model;

/**
 * What a run has logged beside its points, on its way from the spool to where it is kept.
 *
 * <p>{@code position} is the record's in its attempt's spool: what is known by it is dropped, so sending again is safe.
 * The JSON is as the runner wrote it; nobody writes to the array any more.
 */
public sealed interface Keepsake {
  long position();

  /** Something to look at: the JSON is {@code {"kind","data"}}. */
  record Exhibit(long position, String name, long step, long time, byte[] json) implements Keepsake {}

  /**
   * A file in the spool's folder {@code files}: the JSON is {@code {"path","file","size","sha256","role","epoch",
   * "epoch_done","step"}}.
   */
  record File(long position, long time, byte[] json) implements Keepsake {}
}
