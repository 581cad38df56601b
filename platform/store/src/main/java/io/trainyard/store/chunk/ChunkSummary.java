package io.trainyard.store.chunk;

/**
 * What is known of a chunk without reading it. First and last are by step, then time, then arrival.
 *
 * @param count all points, the next three included
 * @param min over the finite values; NaN when there is none, likewise {@code max}
 * @param sum of the finite values below 2^900 in size
 * @param huge of the finite values above that, divided by 2^128: so a mean of huge values does not overflow
 */
public record ChunkSummary(
    long count,
    long nan,
    long posInf,
    long negInf,
    long firstStep,
    long firstTime,
    double first,
    long lastStep,
    long lastTime,
    double last,
    double min,
    double max,
    double sum,
    double huge) {}
