/** The truth: append-only segments of checksummed records, and how they are read back after anything. */
@NullMarked
package io.trainyard.store.journal;

import org.jspecify.annotations.NullMarked;
