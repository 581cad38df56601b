/** What the store knows right now: runs, experiments, keys, and the points that are not in chunks yet. */
@NullMarked
package io.trainyard.store.state;

import org.jspecify.annotations.NullMarked;
