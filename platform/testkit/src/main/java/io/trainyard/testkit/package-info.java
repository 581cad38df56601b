/**
 * What a plugin's tests need: {@link io.trainyard.testkit.RecordingRun} to train in a test, and what every task must
 * satisfy.
 */
@NullMarked
package io.trainyard.testkit;

import org.jspecify.annotations.NullMarked;
