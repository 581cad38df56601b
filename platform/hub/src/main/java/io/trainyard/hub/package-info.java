/** The hub: its composition ({@link io.trainyard.hub.Hub}), its options, its HTTP server. */
@NullMarked
package io.trainyard.hub;

import org.jspecify.annotations.NullMarked;
