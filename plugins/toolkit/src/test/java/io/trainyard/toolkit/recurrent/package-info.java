@NullMarked
package io.trainyard.toolkit.recurrent;

import org.jspecify.annotations.NullMarked;
