package io.trainyard.core.model;

import org.jspecify.annotations.Nullable;

/**
 * One try of a run.
 *
 * @param number from 1
 * @param fence grows with every attempt of any run; whoever holds a smaller one than the run's latest is refused
 * @param agent who runs it: "local", or a worker's name
 * @param fromStep points of earlier attempts with a step of at least this are superseded; null: all of them are
 */
public record Attempt(
    int number,
    long fence,
    String agent,
    long startedAt,
    @Nullable Long endedAt,
    @Nullable Long fromStep,
    @Nullable RunState outcome,
    @Nullable String reason) {}
