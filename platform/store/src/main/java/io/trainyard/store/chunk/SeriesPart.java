package io.trainyard.store.chunk;

import java.util.List;

/**
 * What readers see of one attempt's series: chunks, and points that are not in chunks yet. The parts of one question do
 * not overlap in visible steps.
 *
 * @param heads newer than all chunks, each newer than the one before it
 * @param fromStep the first visible step
 * @param toStep the last visible step
 */
public record SeriesPart(SeriesKey key, List<ChunkRef> chunks, List<Points> heads, long fromStep, long toStep) {}
