@NullMarked
package io.trainyard.linreg;

import org.jspecify.annotations.NullMarked;
