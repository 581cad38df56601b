package io.trainyard.toolkit.recurrent;

import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;

/**
 * Pieces of a corpus, one a row, as the operations of a step see them.
 *
 * @param inputs shape (batch, steps)
 * @param labels the token after each of the inputs, the same shape
 */
public record Window(Operand<TInt32> inputs, Operand<TInt32> labels) {}
