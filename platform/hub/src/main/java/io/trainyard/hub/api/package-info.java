/** The routes of the API, each a few lines between HTTP, the bus and the store. */
@NullMarked
package io.trainyard.hub.api;

import org.jspecify.annotations.NullMarked;
