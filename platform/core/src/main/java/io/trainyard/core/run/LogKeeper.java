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
   * Bytes of a log.
   *
   * @param size of the whole log, in bytes that are there
   * @param droppedBytes left out in the middle because the cap was reached
   */
  record Slice(long from, byte[] bytes, long size, long droppedBytes) {}
}
