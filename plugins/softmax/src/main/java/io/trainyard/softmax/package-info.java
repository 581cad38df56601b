/** Softmax regression on Fashion-MNIST: a linear model of pictures, naive and fused. */
@NullMarked
package io.trainyard.softmax;

import org.jspecify.annotations.NullMarked;
