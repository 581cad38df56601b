/** Each task reaches its published figures. */
@NullMarked
package io.trainyard.tests.learning;

import org.jspecify.annotations.NullMarked;
