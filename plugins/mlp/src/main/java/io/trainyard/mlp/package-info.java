/** A multilayer perceptron on Fashion-MNIST, with the norm of each layer's gradient to look at. */
@NullMarked
package io.trainyard.mlp;

import org.jspecify.annotations.NullMarked;
