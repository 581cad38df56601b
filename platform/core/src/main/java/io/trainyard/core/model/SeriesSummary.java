package io.trainyard.core.model;

/**
 * What is known of a series without reading its points: exact, over the points that readers see (the latest attempt's).
 *
 * @param count all points, the three below included
 * @param last the value at the highest step; then the latest time, then arrival decide
 * @param lastTime time of that point
 * @param min over the finite values; NaN when there is none
 * @param max over the finite values; NaN when there is none
 */
public record SeriesSummary(
    String name,
    long count,
    long nan,
    long posInf,
    long negInf,
    long firstStep,
    long lastStep,
    double last,
    long lastTime,
    double min,
    double max) {}
