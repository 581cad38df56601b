/** Starts runners, watches them, and ships what they wrote. */
@NullMarked
package io.trainyard.core.agent;

import org.jspecify.annotations.NullMarked;
