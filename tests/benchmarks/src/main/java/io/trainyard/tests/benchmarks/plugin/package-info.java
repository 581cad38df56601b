/** The task that is trained with and without tracking; runs in a runner. */
@NullMarked
package io.trainyard.tests.benchmarks.plugin;

import org.jspecify.annotations.NullMarked;
