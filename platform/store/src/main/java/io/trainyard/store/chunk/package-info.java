/** Points of series in immutable, compressed, checksummed chunks, and the reading of them. */
@NullMarked
package io.trainyard.store.chunk;

import org.jspecify.annotations.NullMarked;
