/** All live metadata in one checksummed file, so that the journal before it can go. */
@NullMarked
package io.trainyard.store.snapshot;

import org.jspecify.annotations.NullMarked;
