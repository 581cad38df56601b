/** From heads in memory to chunks on disk, and what may then be forgotten. */
@NullMarked
package io.trainyard.store.seal;

import org.jspecify.annotations.NullMarked;
