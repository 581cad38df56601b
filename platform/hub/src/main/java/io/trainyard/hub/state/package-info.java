/** What the hub keeps in memory of what the bus said: names, progress, the queue. */
@NullMarked
package io.trainyard.hub.state;

import org.jspecify.annotations.NullMarked;
