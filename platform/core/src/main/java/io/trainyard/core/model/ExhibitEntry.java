package io.trainyard.core.model;

/**
 * One showing of an exhibit.
 *
 * @param time milliseconds since 1970
 * @param attempt its number
 */
public record ExhibitEntry(long step, long time, int attempt) {}
