package io.trainyard.core.store;

import io.trainyard.core.model.Experiment;
import io.trainyard.core.model.RunRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a change has come to, once it is durable.
 *
 * @param sequence grows with every change of the store; the base of opaque cursors
 * @param replayed an idempotency key was known: nothing was changed now
 * @param duplicate the store had these points already: nothing was changed
 * @param previousVersion the run's version before; what a reader must have to be without a gap
 * @param experiment as it is now, if the change was about one
 * @param run as it is now, if the change was about one
 */
public record Applied(
    long sequence,
    boolean replayed,
    boolean duplicate,
    long previousVersion,
    @Nullable Experiment experiment,
    @Nullable RunRecord run) {}
