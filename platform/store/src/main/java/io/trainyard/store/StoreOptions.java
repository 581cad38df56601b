package io.trainyard.store;

import java.util.function.LongSupplier;

/**
 * What can be set about a store. The defaults are meant for everybody; tests make things happen sooner.
 *
 * @param clock milliseconds since 1970
 * @param segmentBytes a journal segment that is larger gets no more records
 * @param sealPoints points of a series that are sealed into chunks together
 * @param sealDelayMillis how long the sealer gathers before it syncs, so that many series share an fsync
 * @param headPoints points in memory, all series together, above which the writer waits for the sealer
 * @param reserveBytes of the disk kept free for sealing and snapshots: below it writes are refused
 * @param queueChanges that may wait for the disk
 * @param queuePoints that may wait for the disk
 * @param checkpointBytes of journal between two checkpoints of the view
 */
public record StoreOptions(
    LongSupplier clock,
    long segmentBytes,
    int sealPoints,
    long sealDelayMillis,
    long headPoints,
    long reserveBytes,
    int queueChanges,
    long queuePoints,
    long checkpointBytes) {

  /**
   * What everybody gets. Crash tests ask the shipped program for smaller files by system properties, so that more
   * happens in a second.
   */
  public static StoreOptions defaults() {
    return new StoreOptions(
        System::currentTimeMillis,
        Long.getLong("trainyard.store.segmentBytes", 16L << 20),
        Integer.getInteger("trainyard.store.sealPoints", 4096),
        Long.getLong("trainyard.store.sealDelayMillis", 200),
        4_000_000,
        Long.getLong("trainyard.store.reserveBytes", 64L << 20),
        20_000,
        4_000_000,
        Long.getLong("trainyard.store.checkpointBytes", 64L << 20));
  }

  public StoreOptions withClock(LongSupplier other) {
    return new StoreOptions(
        other, segmentBytes, sealPoints, sealDelayMillis, headPoints, reserveBytes, queueChanges, queuePoints,
            checkpointBytes);
  }

  public StoreOptions withSegmentBytes(long bytes) {
    return new StoreOptions(
        clock, bytes, sealPoints, sealDelayMillis, headPoints, reserveBytes, queueChanges, queuePoints,
            checkpointBytes);
  }

  public StoreOptions withSealing(int points, long delayMillis) {
    return new StoreOptions(
        clock, segmentBytes, points, delayMillis, headPoints, reserveBytes, queueChanges, queuePoints, checkpointBytes);
  }

  public StoreOptions withHeadPoints(long points) {
    return new StoreOptions(
        clock, segmentBytes, sealPoints, sealDelayMillis, points, reserveBytes, queueChanges, queuePoints,
            checkpointBytes);
  }

  public StoreOptions withReserveBytes(long bytes) {
    return new StoreOptions(
        clock, segmentBytes, sealPoints, sealDelayMillis, headPoints, bytes, queueChanges, queuePoints,
            checkpointBytes);
  }

  public StoreOptions withQueue(int changes, long points) {
    return new StoreOptions(
        clock, segmentBytes, sealPoints, sealDelayMillis, headPoints, reserveBytes, changes, points, checkpointBytes);
  }

  public StoreOptions withCheckpointBytes(long bytes) {
    return new StoreOptions(
        clock, segmentBytes, sealPoints, sealDelayMillis, headPoints, reserveBytes, queueChanges, queuePoints, bytes);
  }
}
