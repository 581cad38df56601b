/**
 * The few things that the store asks of a file system, so that a test can take the power away between any two of them.
 */
@NullMarked
package io.trainyard.store.disk;

import org.jspecify.annotations.NullMarked;
