/**
 * What Trainyard costs: each class measures one thing and prints a table. Each runs in a JVM of its own, on the thread
 * "main".
 */
@NullMarked
package io.trainyard.tests.benchmarks;

import org.jspecify.annotations.NullMarked;
