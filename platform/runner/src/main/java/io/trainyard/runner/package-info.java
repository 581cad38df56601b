/**
 * Processes that load plugin code: {@link io.trainyard.runner.RunnerMain} trains one run and ends, {@link
 * io.trainyard.runner.InspectorMain} reads what a JAR offers and ends. What a plugin breaks is its own process, and
 * nothing of it is left over.
 */
@NullMarked
package io.trainyard.runner;

import org.jspecify.annotations.NullMarked;
