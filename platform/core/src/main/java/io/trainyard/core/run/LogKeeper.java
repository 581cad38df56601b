package io.trainyard.core.run;

import java.util.concurrent.CompletionStage;

/** Reads the output of runs. Any thread may call; files are read on a thread of its own. */
public interface LogKeeper {
  /**
   * Part of an attempt's output.
   *
   * @param from the first byte; negative: so many from the end
   * @param limit at most so many bytes
   */
  CompletionStage<Slice> read(String run, int attempt, long from, int limit);

  /**
   * Bytes of a log. Positions count all bytes ever printed, those that were dropped from the middle too.
   *
   * @param from position of the first byte: beyond the one asked for when what lay between was dropped
   * @param size all bytes ever printed
   * @param droppedBytes so many of them are gone because the cap was reached
   */
  record Slice(long from, byte[] bytes, long size, long droppedBytes) {}
}
