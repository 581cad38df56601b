@NullMarked
package io.trainyard.rnnlm;

import org.jspecify.annotations.NullMarked;
