package io.trainyard.toolkit.recurrent;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TNumber;

/**
 * The weights of one direction of one layer, gates side by side.
 *
 * @param ih shape (input, gates * hidden)
 * @param hh shape (hidden, gates * hidden)
 * @param inputBias shape (gates * hidden)
 * @param hiddenBias shape (gates * hidden)
 */
record Weights<T extends TNumber>(Operand<T> ih, Operand<T> hh, Operand<T> inputBias, Operand<T> hiddenBias) {}
