package io.trainyard.core.store;

import org.jspecify.annotations.Nullable;

/**
 * Which points to read.
 *
 * @param attempt one attempt's points; null: for each step those of the latest attempt that covers it
 * @param fromStep included
 * @param toStep included
 * @param maxPoints at most so many points, or so many buckets if there are more points than that
 */
public record PointsQuery(
    String run, String series, @Nullable Integer attempt, long fromStep, long toStep, int maxPoints) {}
