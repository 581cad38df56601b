@NullMarked
package io.trainyard.mlp;

import org.jspecify.annotations.NullMarked;
