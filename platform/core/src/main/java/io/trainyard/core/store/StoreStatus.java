package io.trainyard.core.store;

import java.util.List;

/**
 * How a store is, for people and for meters.
 *
 * @param writable false while a full disk or a failed fsync forbids writes
 * @param reason why it is not writable; empty when it is
 * @param damage a line for each damaged and quarantined part; empty when all is well
 * @param journalBytes on disk, likewise the next two
 * @param pending changes that wait for the disk
 * @param fsyncs since the start
 * @param fsyncNanos spent in them
 */
public record StoreStatus(
    boolean writable,
    String reason,
    List<String> damage,
    long journalBytes,
    long chunkBytes,
    long viewBytes,
    int pending,
    long points,
    long fsyncs,
    long fsyncNanos) {}
