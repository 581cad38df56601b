@NullMarked
package io.trainyard.toolkit;

import org.jspecify.annotations.NullMarked;
