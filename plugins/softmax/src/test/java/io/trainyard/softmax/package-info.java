@NullMarked
package io.trainyard.softmax;

import org.jspecify.annotations.NullMarked;
