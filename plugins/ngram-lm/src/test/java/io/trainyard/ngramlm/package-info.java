@NullMarked
package io.trainyard.ngramlm;

import org.jspecify.annotations.NullMarked;
