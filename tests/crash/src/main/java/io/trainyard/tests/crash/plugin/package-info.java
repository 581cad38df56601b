/** A plugin whose every point is known beforehand. Packed into a JAR by the harness, and loaded by real runners. */
@NullMarked
package io.trainyard.tests.crash.plugin;

import org.jspecify.annotations.NullMarked;
