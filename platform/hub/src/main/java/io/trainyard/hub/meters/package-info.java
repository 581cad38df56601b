/** What Prometheus reads: meters of the hub itself, and the latest values of active runs. */
@NullMarked
package io.trainyard.hub.meters;

import org.jspecify.annotations.NullMarked;
