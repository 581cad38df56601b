/** The live feed: what the bus announces, as server-sent events for browsers. */
@NullMarked
package io.trainyard.hub.live;

import org.jspecify.annotations.NullMarked;
