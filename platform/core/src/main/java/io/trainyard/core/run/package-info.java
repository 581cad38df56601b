/** The life of a run: checks of params, queue, slots, plugins. */
@NullMarked
package io.trainyard.core.run;

import org.jspecify.annotations.NullMarked;
