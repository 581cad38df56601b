@NullMarked
package io.trainyard.textpreprocessing;

import org.jspecify.annotations.NullMarked;
