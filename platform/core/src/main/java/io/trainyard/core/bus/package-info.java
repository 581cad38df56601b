/** Every address of the event bus, with the message that travels on it. */
@NullMarked
package io.trainyard.core.bus;

import org.jspecify.annotations.NullMarked;
