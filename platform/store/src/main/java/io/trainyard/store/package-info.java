/** The store: a journal that is the truth, chunks that hold the points, a MapDB view that can be rebuilt from both. */
@NullMarked
package io.trainyard.store;

import org.jspecify.annotations.NullMarked;
