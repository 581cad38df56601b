/** Facts about experiments, runs and points, as immutable records. */
@NullMarked
package io.trainyard.core.model;

import org.jspecify.annotations.NullMarked;
