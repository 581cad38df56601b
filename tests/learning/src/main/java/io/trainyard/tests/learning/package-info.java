/** Each task reaches its published figures: all settings by a command, a short version as tests. */
@NullMarked
package io.trainyard.tests.learning;

import org.jspecify.annotations.NullMarked;
