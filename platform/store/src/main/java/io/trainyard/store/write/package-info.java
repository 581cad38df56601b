/** From a change to its stage's completion: checked, journalled, applied, on one thread. */
@NullMarked
package io.trainyard.store.write;

import org.jspecify.annotations.NullMarked;
