/** Every object of the API as JSON: written by streaming, each in one place; and the reading of request bodies. */
@NullMarked
package io.trainyard.hub.json;

import org.jspecify.annotations.NullMarked;
